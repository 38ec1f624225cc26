package main

import (
	"slices"
	"strings"
)

// experiment is a network and how it is converted and tested. Samples to calibrate on are
// never samples to test on.
type experiment struct {
	name        string
	title       string
	model       string
	calibration string // flags of convert that name the samples
	test        string // flags of compare that name the samples
	rows        []row
	reference   bool // test int8 in ONNX Runtime, too
}

// row is a network to convert to.
type row struct {
	flags    string
	ablation bool // belongs to the table of changes
}

func (e *experiment) convertCommand(flags, net string) []string {
	return append(strings.Fields("convert "+e.model+" "+e.calibration+" "+flags), "-f", "-o", net)
}

func (e *experiment) compareCommand(net string) []string {
	return strings.Fields("compare " + e.model + " " + net + " " + e.test)
}

var experiments = []experiment{
	{
		name: "resnet20", title: "ResNet-20, CIFAR-10",
		model:       "$D/models/cifar10_resnet20_folded.onnx",
		calibration: "--data $D/cifar10/calib_batch.bin --preprocess cifar10 --calib-samples 1024",
		test:        "--data $D/cifar10/test_batch.bin",
		rows: append(grid(
			"--bits 8 --steps 1", "--bits 6 --steps 1", "--bits 4 --steps 1", "--bits 3 --steps 1", "--bits 2 --steps 1",
			"--bits 4 --steps 2 --restim none", "--bits 4 --steps 2 --restim signed", "--bits 4 --steps 2 --restim refine",
			"--bits 2 --steps 2 --restim none", "--bits 2 --steps 2 --restim signed", "--bits 2 --steps 2 --restim refine",
			"--bits 2 --steps 4 --restim none", "--bits 2 --steps 4 --restim signed", "--bits 2 --steps 4 --restim refine", "--bits 2 --steps 4 --restim waiting",
			"--bits 1 --steps 4 --restim none", "--bits 1 --steps 4 --restim signed", "--bits 1 --steps 4 --restim refine", "--bits 1 --steps 4 --restim waiting",
			"--bits 1 --steps 8 --restim none", "--bits 1 --steps 8 --restim signed",
		), slices.Concat(
			ablations("--bits 2 --steps 1", "--restim gate", "--fit bias", "--fit none", "--method corr", "--method kl", "--method ltb", "--method max", "--method percentile",
				"--per-channel=false", "--weights float32", "--weights int4", "--tune 20"),
			ablations("--bits 3 --steps 1", "--tune 20"),
			ablations("--bits 4 --steps 1", "--restim gate", "--fit bias", "--fit none", "--method max", "--weights int4", "--tune 20"),
			ablations("--bits 2 --steps 2 --restim refine", "--tune 20"),
			ablations("--bits 2 --steps 4 --restim refine", "--fit bias", "--fit none"),
			ablations("--bits 1 --steps 4 --restim signed", "--tune 20"),
		)...),
		reference: true,
	},
	{
		name: "squeezenet", title: "SqueezeNet 1.1, 500 images of ILSVRC2012's validation set",
		model:       "$D/models/imagenet_squeezenet1.1.onnx",
		calibration: "--data $D/imagenet-val/calib --preprocess imagenet --calib-samples 300",
		test:        "--data $D/imagenet-val/test",
		rows: append(grid(
			"--bits 8 --steps 1", "--bits 6 --steps 1", "--bits 4 --steps 1",
			"--bits 4 --steps 2 --restim signed", "--bits 4 --steps 2 --restim refine", "--bits 2 --steps 4 --restim refine",
		), ablations("--bits 4 --steps 1", "--fit none", "--weights float32", "--tune 20")...),
	},
	{
		name: "mnist", title: "CNN, MNIST",
		model:       "$D/models/mnist_cnn_baskov.onnx",
		calibration: "--data $D/mnist --preprocess mnist --skip 8976 --calib-samples 1024",
		test:        "--data $D/mnist --limit 8976",
		rows: append(grid(
			"--bits 8 --steps 1", "--bits 4 --steps 1", "--bits 2 --steps 1", "--bits 1 --steps 1",
			"--bits 1 --steps 4 --restim signed", "--bits 2 --steps 2 --restim refine",
		), slices.Concat(ablations("--bits 2 --steps 1", "--fit none"), ablations("--bits 1 --steps 1", "--fit none", "--method max"))...),
	},
	{
		name: "mobile", title: "A small network of MobileNetV2's kind, Fashion-MNIST",
		model:       "models/mobile/mobile.onnx",
		calibration: "--data $D/fashion-mnist/train-images-idx3-ubyte.gz --preprocess mnist --skip 55000 --calib-samples 1024",
		test:        "--data $D/fashion-mnist/t10k-images-idx3-ubyte.gz",
		rows: append(grid(
			"--bits 8 --steps 1", "--bits 6 --steps 1", "--bits 4 --steps 1", "--bits 3 --steps 1", "--bits 2 --steps 1", "--bits 4 --steps 2 --restim signed", "--bits 2 --steps 4 --restim signed",
		), slices.Concat(
			ablations("--bits 4 --steps 1", "--fit bias", "--fit none", "--method max", "--per-channel=false", "--weights float32"),
			ablations("--bits 2 --steps 1", "--tune 20"),
		)...),
	},
	{
		name: "demo", title: "The embedded network, drawn digits and letters",
		model:       "models/demo.onnx",
		calibration: "--data models/calibration --preprocess mnist --calib-samples 256",
		test:        "--data models/test",
		rows: append(grid(
			"--bits 8 --steps 1", "--bits 4 --steps 1", "--bits 3 --steps 1", "--bits 2 --steps 1", "--bits 1 --steps 1",
			"--bits 4 --steps 2 --restim refine", "--bits 2 --steps 4 --restim refine", "--bits 1 --steps 8 --restim signed",
		), ablations("--bits 2 --steps 1", "--restim gate", "--fit bias", "--fit none", "--method max", "--per-channel=false", "--weights float32", "--weights int4")...),
	},
}

func grid(flags ...string) []row {
	var rows []row
	for _, f := range flags {
		rows = append(rows, row{flags: f})
	}
	return rows
}

// ablations change one thing at a time.
func ablations(settings string, changes ...string) []row {
	var rows []row
	for _, change := range changes {
		rows = append(rows, row{settings + " " + change, true})
	}
	return rows
}
