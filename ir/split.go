package ir

import (
	"fmt"
	"slices"
)

// Split cuts x along Axis into the lengths of its second input, or into equal parts, the
// last one smaller, where that is absent; as many parts as the node has outputs.
// Inputs: x, optional sizes [parts] int64.
type Split struct {
	Axis  int
	Parts int // number of outputs
}

// Kind implements Op.
func (Split) Kind() string { return "Split" }

// Infer implements Op.
func (op Split) Infer(in []Type) ([]Type, error) {
	if err := arity(in, 1, 2); err != nil {
		return nil, err
	}
	if op.Parts < 1 || op.Parts > maxParts {
		return nil, fmt.Errorf("cannot split into %d parts", op.Parts)
	}
	x := in[0]
	out := slices.Repeat([]Type{{DType: x.DType}}, op.Parts)
	if !x.Ranked {
		return out, nil
	}
	axis, err := Axis(op.Axis, len(x.Shape))
	if err != nil {
		return nil, err
	}
	sizes, err := op.Sizes(in)
	if err != nil {
		return nil, err
	}
	for i, n := range sizes {
		s := slices.Clone(x.Shape)
		s[axis] = Dim{N: n}
		out[i] = Type{DType: x.DType, Ranked: true, Shape: s}
	}
	return out, nil
}

// maxParts bounds the number of outputs of a Split.
const maxParts = 1 << 16

// Sizes returns the length of every part along the axis of the ranked input x, -1 where
// it is not known. It takes the types that Infer takes; the list of sizes must be constant.
func (op Split) Sizes(in []Type) ([]int, error) {
	axis, err := Axis(op.Axis, len(in[0].Shape))
	if err != nil {
		return nil, err
	}
	length := in[0].Shape[axis].N
	if at(in, 1).present() {
		return op.listed(in[1], length)
	}
	if length < 0 {
		return slices.Repeat([]int{-1}, op.Parts), nil
	}
	part := ceilDiv(length, op.Parts)
	last := length - part*(op.Parts-1)
	if last < 0 {
		return nil, fmt.Errorf("cannot split an axis of length %d into %d parts", length, op.Parts)
	}
	return append(slices.Repeat([]int{part}, op.Parts-1), last), nil
}

// listed checks the sizes that an input gives.
func (op Split) listed(t Type, length int) ([]int, error) {
	list, err := constInts(t, "sizes")
	if err != nil {
		return nil, err
	}
	if len(list) != op.Parts {
		return nil, fmt.Errorf("%d sizes for %d parts", len(list), op.Parts)
	}
	sizes, sum := make([]int, len(list)), 0
	for i, n := range list {
		if n < 0 || n > MaxElems {
			return nil, fmt.Errorf("size %d of part %d is out of range", n, i)
		}
		sizes[i] = int(n)
		sum += sizes[i]
	}
	if length >= 0 && sum != length {
		return nil, fmt.Errorf("sizes %v do not add up to %d", list, length)
	}
	return sizes, nil
}
