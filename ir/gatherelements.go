package ir

import "fmt"

// GatherElements takes, for every element of indices (int64, may be negative), the element of x
// in the same place but along Axis, where the index says it. Inputs: x, indices.
type GatherElements struct {
	Axis int
}

// Kind implements Op.
func (GatherElements) Kind() string { return "GatherElements" }

// Infer implements Op.
func (op GatherElements) Infer(in []Type) ([]Type, error) {
	if err := firstErr(arity(in, 2, 2), wantInput(in, 1, Int64)); err != nil {
		return nil, err
	}
	x, indices := in[0], in[1]
	if !x.Ranked || !indices.Ranked {
		return unranked(x.DType)
	}
	axis, err := Axis(op.Axis, len(x.Shape))
	if err != nil {
		return nil, err
	}
	if len(indices.Shape) != len(x.Shape) {
		return nil, fmt.Errorf("indices %v for %v", indices.Shape, x.Shape)
	}
	for i, d := range indices.Shape {
		if i != axis && d.N > x.Shape[i].N && x.Shape[i].N >= 0 {
			return nil, fmt.Errorf("indices %v reach beyond %v", indices.Shape, x.Shape)
		}
	}
	if err := checkIndices(indices.Const, x.Shape[axis].N); err != nil {
		return nil, err
	}
	return result(x.DType, indices.Shape)
}
