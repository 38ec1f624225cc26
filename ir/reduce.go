package ir

import (
	"errors"
	"fmt"
	"slices"
)

// ReduceFn names the function of a Reduce.
type ReduceFn uint8

// The functions of Reduce.
const (
	Mean ReduceFn = iota
	Sum
	Largest
	Smallest
	L1        // the sum of magnitudes
	L2        // the root of the sum of squares
	SumSquare // the sum of squares
)

// Reduce folds the axes listed in its second input (all axes where it is absent or
// empty, none where NoopEmpty is set). Inputs: x, optional axes [k] int64.
type Reduce struct {
	Fn        ReduceFn
	KeepDims  bool
	NoopEmpty bool
}

// Kind implements Op.
func (Reduce) Kind() string { return "Reduce" }

// Infer implements Op.
func (op Reduce) Infer(in []Type) ([]Type, error) {
	if !validEnum(op.Fn) {
		return nil, fmt.Errorf("unknown function %v", op.Fn)
	}
	if err := firstErr(arity(in, 1, 2), wantDType(in, Float32, Int64)); err != nil {
		return nil, err
	}
	x := in[0]
	if op.Fn == L2 && x.DType == Int64 {
		return nil, errors.New("the root of integers is not supported")
	}
	if !x.Ranked {
		return unranked(x.DType)
	}
	axes, err := op.Axes(in)
	if err != nil {
		return nil, err
	}
	out := make(Shape, 0, len(x.Shape))
	for i, d := range x.Shape {
		switch {
		case !slices.Contains(axes, i):
			out = append(out, d)
		case op.KeepDims:
			out = append(out, Dim{N: 1})
		}
	}
	return result(x.DType, out)
}

// Axes returns the axes of the ranked input x to fold, sorted. It takes the types that
// Infer takes; the list of axes must be constant.
func (op Reduce) Axes(in []Type) ([]int, error) {
	axes, err := axesOrAll(at(in, 1), len(in[0].Shape))
	if err != nil {
		return nil, err
	}
	listed := at(in, 1).present() && len(at(in, 1).Const.I) > 0
	switch {
	case !listed && op.NoopEmpty:
		return nil, nil
	case !listed:
		return axesOrAll(Type{}, len(in[0].Shape))
	}
	slices.Sort(axes)
	return axes, nil
}
