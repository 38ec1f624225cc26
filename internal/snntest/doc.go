// Package snntest draws random small networks that are valid and whose arithmetic is
// exact: weights, thresholds and samples are dyadic numbers so small that float32 never
// rounds. Tests can compare results bit for bit with any other way of computing them.
package snntest
