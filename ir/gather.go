package ir

import (
	"fmt"
	"slices"
)

// Gather takes the slices of x along Axis that indices (int64, may be negative) name. Inputs: x, indices.
type Gather struct {
	Axis int
}

// Kind implements Op.
func (Gather) Kind() string { return "Gather" }

// Infer implements Op.
func (op Gather) Infer(in []Type) ([]Type, error) {
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
	if err := checkIndices(indices.Const, x.Shape[axis].N); err != nil {
		return nil, err
	}
	return result(x.DType, slices.Concat(x.Shape[:axis], indices.Shape, x.Shape[axis+1:]))
}

// checkIndices checks that constant indices exist in an axis of length n, where both are known.
func checkIndices(indices *Tensor, n int) error {
	if indices == nil || n < 0 {
		return nil
	}
	for _, i := range indices.I {
		if i < int64(-n) || i >= int64(n) {
			return fmt.Errorf("index %d does not exist in an axis of length %d", i, n)
		}
	}
	return nil
}
