package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path"
)

// panelNetwork is a network of the panel: many kinds of networks, each converted in the same
// few ways.
type panelNetwork struct {
	experiment
	seen bool // the method may be chosen by it
}

// Rows of every network of the panel.
const (
	byDefault = iota
	oneStep
	wideStep
	twoSteps
)

var panelFlags = [...]string{byDefault: "", oneStep: "--bits 4 --steps 1", wideStep: "--bits 8 --steps 1", twoSteps: "--bits 4 --steps 2"}

// others are the networks of the panel that were not trained for it. Where no number of
// samples is given, convert takes its default.
var others = []experiment{
	{
		name: "resnet20", title: "ResNet-20, CIFAR-10", model: "$D/models/cifar10_resnet20_folded.onnx",
		calibration: "--data $D/cifar10/calib_batch.bin --preprocess cifar10",
		test:        "--data $D/cifar10/test_batch.bin --limit 2500",
	},
	{
		name: "mnist", title: "CNN, MNIST", model: "$D/models/mnist_cnn_baskov.onnx",
		calibration: "--data $D/mnist --preprocess mnist --skip 8976",
		test:        "--data $D/mnist --limit 2500",
	},
	{
		name: "vww", title: "MobileNetV1 x0.25, Visual Wake Words", model: "$D/mlperf-tiny/vww_mobilenetv1_float.onnx",
		calibration: "--data $D/mlperf-tiny/vww/calib --preprocess raw --scale 1/255 --channels bgr",
		test:        "--data $D/mlperf-tiny/vww/test",
	},
	{
		name: "mobile", title: "MobileNetV2's kind, Fashion-MNIST", model: "models/mobile/mobile.onnx",
		calibration: fashion.calibration + " --preprocess mnist", test: fashion.test,
	},
	{
		name: "demo", title: "residual, drawn glyphs", model: "models/demo.onnx",
		calibration: "--data models/calibration --preprocess mnist",
		test:        "--data models/test",
	},
	{
		name: "squeezenet", title: "SqueezeNet 1.1, ILSVRC2012", model: "$D/models/imagenet_squeezenet1.1.onnx",
		calibration: "--data $D/imagenet-val/calib --preprocess imagenet",
		test:        "--data $D/imagenet-val/test",
	},
}

// samplesOf are the flags that name a data set's samples, to calibrate on and to test on.
type samplesOf struct{ title, calibration, test string }

var (
	fashion = samplesOf{"Fashion-MNIST", "--data $D/fashion-mnist/train-images-idx3-ubyte.gz --skip 55000", "--data $D/fashion-mnist/t10k-images-idx3-ubyte.gz --limit 2500"}

	panelData = map[string]samplesOf{
		"cifar10":       {"CIFAR-10", "--data $D/cifar10/calib_batch.bin", "--data $D/cifar10/test_batch.bin --limit 2500"},
		"fashion-mnist": fashion,
	}
)

// panelFolder holds the networks that were trained for the panel, with their manifest.
const panelFolder = "models/panel"

// panelNetworks lists the panel, the seen half first.
func panelNetworks() ([]panelNetwork, error) {
	data, err := os.ReadFile(path.Join(panelFolder, "manifest.json"))
	if err != nil {
		return nil, err
	}
	var manifest struct {
		Models []struct {
			Name, File, Data, Preprocess string
			Seen                         bool
		}
	}
	if err := json.Unmarshal(data, &manifest); err != nil {
		return nil, fmt.Errorf("%s/manifest.json: %w", panelFolder, err)
	}
	var seen, unseen []panelNetwork
	for _, e := range others {
		seen = append(seen, panelNetwork{e, true})
	}
	for _, m := range manifest.Models {
		from, ok := panelData[m.Data]
		if !ok {
			return nil, fmt.Errorf("%s/manifest.json: %s: no such data: %q", panelFolder, m.Name, m.Data)
		}
		n := panelNetwork{experiment{
			name: m.Name, title: m.Name + ", " + from.title, model: path.Join(panelFolder, m.File),
			calibration: from.calibration + " --preprocess " + m.Preprocess, test: from.test,
		}, m.Seen}
		if m.Seen {
			seen = append(seen, n)
		} else {
			unseen = append(unseen, n)
		}
	}
	all := append(seen, unseen...)
	for i := range all {
		all[i].rows = grid(panelFlags[:]...)
	}
	return all, nil
}

// panelResult is a network of the panel with its results, one for each of panelFlags.
type panelResult struct {
	*measured
	seen bool
}

func (p *program) measurePanel(ctx context.Context, networks []panelNetwork) ([]panelResult, error) {
	var all []panelResult
	for _, n := range networks {
		m, err := p.measure(ctx, n.experiment)
		if err != nil {
			return nil, err
		}
		all = append(all, panelResult{m, n.seen})
	}
	return all, nil
}
