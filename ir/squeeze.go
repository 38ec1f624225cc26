package ir

import (
	"fmt"
	"slices"
)

// Squeeze drops axes of length 1: those listed, or all. Inputs: x, optional axes [k] int64.
type Squeeze struct{}

// Kind implements Op.
func (Squeeze) Kind() string { return "Squeeze" }

// Infer implements Op.
func (Squeeze) Infer(in []Type) ([]Type, error) {
	if err := arity(in, 1, 2); err != nil {
		return nil, err
	}
	x := in[0]
	if !x.Ranked {
		return unranked(x.DType)
	}
	if !at(in, 1).present() {
		return squeezeAll(x)
	}
	list, err := constInts(in[1], "axes")
	if err != nil {
		return nil, err
	}
	axes, err := resolveAxes(list, len(x.Shape))
	if err != nil {
		return nil, err
	}
	var out Shape
	for i, d := range x.Shape {
		switch {
		case !slices.Contains(axes, i):
			out = append(out, d)
		case d.N > 1 || d.N == 0:
			return nil, fmt.Errorf("axis %d of %v has not length 1", i, x.Shape)
		}
	}
	return result(x.DType, out)
}

// squeezeAll drops every axis of length 1; of an unknown length, nothing can be said.
func squeezeAll(x Type) ([]Type, error) {
	if !x.Static() {
		return unranked(x.DType)
	}
	return result(x.DType, slices.DeleteFunc(slices.Clone(x.Shape), func(d Dim) bool { return d.N == 1 }))
}
