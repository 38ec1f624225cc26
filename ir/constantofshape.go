package ir

import (
	"errors"
	"fmt"
)

// ConstantOfShape is a tensor of the shape given by its input, filled with Value (one element).
type ConstantOfShape struct {
	Value *Tensor
}

// Kind implements Op.
func (ConstantOfShape) Kind() string { return "ConstantOfShape" }

// Infer implements Op.
func (op ConstantOfShape) Infer(in []Type) ([]Type, error) {
	if op.Value == nil || op.Value.Len() != 1 {
		return nil, errors.New("the fill value must have one element")
	}
	if err := arity(in, 1, 1); err != nil {
		return nil, err
	}
	dims, err := constInts(in[0], "shape")
	if err != nil {
		return nil, err
	}
	s, err := fixedShape(dims)
	if err != nil {
		return nil, err
	}
	return result(op.Value.DType, s)
}

// fixedShape is the shape whose axis lengths are dims; none may be negative.
func fixedShape(dims []int64) (Shape, error) {
	s := make(Shape, len(dims))
	for i, d := range dims {
		if d < 0 || d > MaxElems {
			return nil, fmt.Errorf("shape %v: length %d of axis %d is out of range", dims, d, i)
		}
		s[i].N = int(d)
	}
	return s, nil
}
