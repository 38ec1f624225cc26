package models

import (
	"bytes"
	"embed"
	"io/fs"
	"strings"
)

//go:embed demo.onnx
var demo []byte

//go:embed classes.txt
var classes string

//go:embed calibration test
var samples embed.FS

// Preset is the preprocessing that the demonstration network was trained with.
const Preset = "mnist"

// Demo returns the demonstration network as ONNX: input N x 1 x 28 x 28, output one
// logit per class.
func Demo() []byte { return bytes.Clone(demo) }

// Classes returns the names of the classes by label.
func Classes() []string { return strings.Fields(classes) }

// Samples holds the folders "calibration" (256 samples) and "test" (1,000), each a pair
// of gzipped IDX files of labelled 28 x 28 images. Neither shares samples with the other
// or with those that the network was trained on.
func Samples() fs.FS { return samples }
