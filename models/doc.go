// Package models embeds the demonstration network and samples for it, so that the whole
// way from a trained network to a comparison can be tried without any file.
//
// The network is a small convolutional one with BatchNormalization and a residual block,
// trained on glyphs (package models/glyphs) by train.py; manifest.json records where
// every file comes from, its SHA-256 and the measured accuracy.
package models
