package main

import "strings"

// experiment is a network and how it is converted and tested. Samples to calibrate on are
// never samples to test on.
type experiment struct {
	name        string
	title       string
	model       string
	calibration string // flags of convert that name the samples
	test        string // flags of compare that name the samples
	rows        []row
}

// row is a network to convert to.
type row struct {
	flags    string
	ablation bool // belongs to the second table
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
			"--bits 8 --steps 1", "--bits 6 --steps 1", "--bits 5 --steps 1", "--bits 4 --steps 1", "--bits 3 --steps 1", "--bits 2 --steps 1",
			"--bits 4 --steps 2 --restim none", "--bits 4 --steps 2 --restim signed", "--bits 4 --steps 2 --restim refine",
			"--bits 2 --steps 2 --restim none", "--bits 2 --steps 2 --restim signed", "--bits 2 --steps 2 --restim refine",
			"--bits 2 --steps 4 --restim none", "--bits 2 --steps 4 --restim signed", "--bits 2 --steps 4 --restim refine",
			"--bits 1 --steps 4 --restim none", "--bits 1 --steps 4 --restim signed", "--bits 1 --steps 4 --restim refine",
			"--bits 1 --steps 8 --restim none", "--bits 1 --steps 8 --restim signed",
		), ablations("--bits 4 --steps 1", "--bits 2 --steps 1", "--bits 2 --steps 4 --restim refine")...),
	},
	{
		name: "squeezenet", title: "SqueezeNet 1.1, 500 images of ILSVRC2012's validation set",
		model:       "$D/models/imagenet_squeezenet1.1.onnx",
		calibration: "--data $D/imagenet-val/calib --preprocess imagenet --calib-samples 300",
		test:        "--data $D/imagenet-val/test",
		rows: append(grid(
			"--bits 8 --steps 1", "--bits 6 --steps 1", "--bits 4 --steps 1",
			"--bits 4 --steps 2 --restim signed", "--bits 4 --steps 2 --restim refine", "--bits 2 --steps 4 --restim refine",
		), row{"--bits 4 --steps 1 --fit none", true}),
	},
	{
		name: "mnist", title: "CNN, MNIST",
		model:       "$D/models/mnist_cnn_baskov.onnx",
		calibration: "--data $D/mnist --preprocess mnist --skip 9000 --calib-samples 256",
		test:        "--data $D/mnist --limit 9000",
		rows: append(grid(
			"--bits 8 --steps 1", "--bits 4 --steps 1", "--bits 2 --steps 1", "--bits 1 --steps 1",
			"--bits 1 --steps 4 --restim signed", "--bits 2 --steps 2 --restim refine",
		), row{"--bits 2 --steps 1 --fit none", true}, row{"--bits 1 --steps 1 --fit none", true}),
	},
	{
		name: "demo", title: "The embedded network, drawn digits and letters",
		model:       "models/demo.onnx",
		calibration: "--data models/calibration --preprocess mnist --calib-samples 256",
		test:        "--data models/test",
		rows: append(grid(
			"--bits 8 --steps 1", "--bits 4 --steps 1", "--bits 3 --steps 1", "--bits 2 --steps 1", "--bits 1 --steps 1",
			"--bits 4 --steps 2 --restim refine", "--bits 2 --steps 4 --restim refine", "--bits 1 --steps 8 --restim signed",
		), ablations("--bits 2 --steps 1")...),
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
func ablations(settings ...string) []row {
	var rows []row
	for _, s := range settings {
		for _, change := range []string{"--fit bias", "--fit none", "--method max", "--per-channel=false", "--weights float32"} {
			rows = append(rows, row{s + " " + change, true})
		}
	}
	return rows
}
