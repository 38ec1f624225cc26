package ir

import "fmt"

// Flatten makes a matrix: the axes before Axis, and those from Axis on.
type Flatten struct {
	Axis int
}

// Kind implements Op.
func (Flatten) Kind() string { return "Flatten" }

// Infer implements Op.
func (op Flatten) Infer(in []Type) ([]Type, error) {
	if err := arity(in, 1, 1); err != nil {
		return nil, err
	}
	x := in[0]
	if !x.Ranked {
		return result(x.DType, Shape{{N: -1}, {N: -1}})
	}
	axis, rank := op.Axis, len(x.Shape)
	if axis < -rank || axis > rank {
		return nil, fmt.Errorf("axis %d does not cut %v in two", axis, x.Shape)
	}
	if axis < 0 {
		axis += rank
	}
	return result(x.DType, Shape{mulDims(x.Shape[:axis]), mulDims(x.Shape[axis:])})
}
