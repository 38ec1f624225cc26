// Package int8ref quantises a trained network to int8, as the reference that spiking
// networks are compared with: the QDQ form, with the ranges of values on samples.
package int8ref

import (
	"context"
	"fmt"
	"math"

	"google.golang.org/protobuf/proto"

	"ann2snn/bench/qdq"
	"ann2snn/calibrate"
	"ann2snn/internal/ann"
	"ann2snn/internal/pb"
	"ann2snn/ir"
)

// Quantise returns the int8 form of the network in an ONNX file. g is the same network
// after ir/passes.
func Quantise(ctx context.Context, file []byte, g *ir.Graph, samples calibrate.Source) ([]byte, error) {
	var original pb.ModelProto
	if err := proto.Unmarshal(file, &original); err != nil {
		return nil, fmt.Errorf("int8ref: %w", err)
	}
	found, err := ranges(ctx, g, samples)
	if err != nil {
		return nil, err
	}
	quantised, err := qdq.Quantise(&original, found)
	if err != nil {
		return nil, err
	}
	return proto.Marshal(quantised)
}

// ranges runs the network and notes the smallest and the largest element of every value.
func ranges(ctx context.Context, g *ir.Graph, samples calibrate.Source) (map[string]qdq.Range, error) {
	program, err := ann.Compile(ctx, g, ann.Options{})
	if err != nil {
		return nil, err
	}
	found := make(map[string]qdq.Range)
	observe := func(id ir.ValueID, values []float32) {
		name := g.Value(id).Name
		r, seen := found[name]
		if !seen {
			r = qdq.Range{Min: math.MaxFloat32, Max: -math.MaxFloat32}
		}
		for _, x := range values {
			r.Min, r.Max = min(r.Min, x), max(r.Max, x)
		}
		found[name] = r
	}
	sample := make([]float32, program.InLen())
	for i := range samples.Len() {
		if _, err := samples.Sample(i, sample); err != nil {
			return nil, err
		}
		observe(g.Inputs[0], sample)
		if _, err := program.Run(ctx, sample, observe); err != nil {
			return nil, err
		}
	}
	return found, nil
}
