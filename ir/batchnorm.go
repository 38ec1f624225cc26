package ir

import "fmt"

// BatchNorm is inference-mode batch normalisation over axis 1: (x-mean)/sqrt(var+Epsilon)*scale + bias.
// Inputs: x, scale, bias, mean, var. ONNX: BatchNormalization.
type BatchNorm struct {
	Epsilon float32
}

// Kind implements Op.
func (BatchNorm) Kind() string { return "BatchNormalization" }

// Infer implements Op.
func (BatchNorm) Infer(in []Type) ([]Type, error) {
	if err := firstErr(arity(in, 5, 5), wantDType(in, Float32)); err != nil {
		return nil, err
	}
	x := in[0]
	if !x.Ranked {
		return unranked(Float32)
	}
	if len(x.Shape) < 2 {
		return nil, fmt.Errorf("input has shape %v, want at least 2 axes", x.Shape)
	}
	for i, t := range in[1:] {
		if t.Ranked && !t.Shape.fits(x.Shape[1:2]) {
			return nil, fmt.Errorf("input %d has shape %v, want one element for each channel of %v", i+1, t.Shape, x.Shape)
		}
	}
	return like(x)
}
