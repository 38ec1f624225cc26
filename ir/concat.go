package ir

import (
	"fmt"
	"slices"
)

// Concat joins its inputs along Axis, which may be negative.
type Concat struct {
	Axis int
}

// Kind implements Op.
func (Concat) Kind() string { return "Concat" }

// Infer implements Op.
func (op Concat) Infer(in []Type) ([]Type, error) {
	if err := firstErr(arity(in, max(1, len(in)), len(in)), sameDType(in, 0)); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(in, func(t Type) bool { return !t.Ranked }) {
		return unranked(in[0].DType)
	}
	out := slices.Clone(in[0].Shape)
	axis, err := Axis(op.Axis, len(out))
	if err != nil {
		return nil, err
	}
	for i, t := range in[1:] {
		if len(t.Shape) != len(out) {
			return nil, fmt.Errorf("input %d has shape %v, does not join %v", i+1, t.Shape, in[0].Shape)
		}
		for j, d := range t.Shape {
			switch {
			case j == axis:
				out[j] = addDims(out[j], d)
			case !out[j].fits(d):
				return nil, fmt.Errorf("input %d has shape %v, does not join %v along axis %d", i+1, t.Shape, in[0].Shape, axis)
			case out[j].N < 0:
				out[j] = d
			}
		}
	}
	return result(in[0].DType, out)
}

// addDims adds axis lengths; the sum of more than MaxElems stays just above it.
func addDims(a, b Dim) Dim {
	if a.N < 0 || b.N < 0 {
		return Dim{N: -1}
	}
	return Dim{N: min(a.N, MaxElems+1) + min(b.N, MaxElems+1)}
}
