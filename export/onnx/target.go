package onnx

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"ann2snn/export/target"
	"ann2snn/internal/onnxfile"
	"ann2snn/internal/ort"
	"ann2snn/snn"
)

// Names of the targets.
const (
	floatName = "onnx"
	qdqName   = "onnx-qdq"
)

// Float is the target of the float form. It and QDQ are two targets rather than one with
// an option, as they differ in what they can express.
var Float = &target.Target{
	Name:    floatName,
	Summary: "ONNX model of standard operators on float32, all time steps unrolled",
	Check:   func(net *snn.Network) []target.Loss { return check(net, false) },
	Files:   func(net *snn.Network, o target.Options) ([]target.File, error) { return files(net, o, false) },
	Run:     run,
}

// QDQ is the target of the QDQ form.
var QDQ = &target.Target{
	Name:    qdqName,
	Summary: "ONNX model for one time step, with QuantizeLinear and DequantizeLinear around int8 products",
	Check:   func(net *snn.Network) []target.Loss { return check(net, true) },
	Files:   func(net *snn.Network, o target.Options) ([]target.File, error) { return files(net, o, true) },
	Run:     run,
}

// producer is who models say that they are from.
const producer = "ann2snn"

// Outputs of a model, by number.
const (
	outputAnswer = iota
	outputLevels
)

func files(net *snn.Network, o target.Options, onBytes bool) ([]target.File, error) {
	w, err := write(net, o.Name, onBytes, exact)
	if err != nil {
		return nil, fmt.Errorf("onnx: %w", err)
	}
	model := w.Model(producer)
	data, err := onnxfile.Marshal(model)
	if err != nil {
		return nil, fmt.Errorf("onnx: %w", err)
	}
	vectors, err := vectors(net, model.GetGraph(), o.Samples)
	if err != nil {
		return nil, fmt.Errorf("onnx: %w", err)
	}
	page, err := w.readme(o.Name, model.GetGraph(), len(vectors) > 0)
	if err != nil {
		return nil, fmt.Errorf("onnx: %w", err)
	}
	return append([]target.File{{Name: o.Name + ".onnx", Data: data}, {Name: "README.md", Data: page}}, vectors...), nil
}

// run runs an export by onnxruntime-node.
func run(ctx context.Context, j *target.Job) ([][]float64, error) {
	answers, err := ort.Run(ctx, ort.Node, ort.Job{
		File: filepath.Join(j.Dir, j.Options.Name+".onnx"), Dims: inputDims(&j.Net.Layers[0]), Inputs: j.Inputs,
	})
	if errors.Is(err, ort.ErrNotFound) {
		return nil, fmt.Errorf("%w: %w", target.ErrNoConsumer, err)
	}
	if err != nil {
		return nil, err
	}
	totals := make([][]float64, len(j.Inputs))
	for i, a := range answers[0] {
		totals[i] = a[outputLevels]
	}
	return totals, nil
}
