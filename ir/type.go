package ir

import "slices"

// DType is an element type. ONNX floats of every width become Float32, integers
// Int64; Tensor.Stored remembers what the file held.
type DType uint8

// The element types of the IR.
const (
	Invalid DType = iota
	Float32
	Int64
	Bool
)

// Dim is one axis length: N where it is known, otherwise N is -1 and Sym is the
// name the file gave it ("" where it gave none).
type Dim struct {
	N   int
	Sym string
}

// Shape is a list of axis lengths, outermost first. An empty shape is a scalar;
// Type.Ranked tells it from an unknown one.
type Shape []Dim

// Type is what is known about a value before the network runs.
type Type struct {
	DType  DType
	Ranked bool // the number of axes is known: Shape is valid
	Shape  Shape
	Const  *Tensor // the value itself where it is known at load time
}

// Fixed returns a shape of known axis lengths.
func Fixed(dims ...int) Shape {
	s := make(Shape, len(dims))
	for i, d := range dims {
		s[i] = Dim{N: d}
	}
	return s
}

// Of returns the type of a non-constant value of known shape.
func Of(d DType, dims ...int) Type { return Type{DType: d, Ranked: true, Shape: Fixed(dims...)} }

// Static reports whether every axis length is known.
func (s Shape) Static() bool {
	return !slices.ContainsFunc(s, func(d Dim) bool { return d.N < 0 })
}

// Ints returns the axis lengths, -1 for unknown ones.
func (s Shape) Ints() []int {
	d := make([]int, len(s))
	for i := range s {
		d[i] = s[i].N
	}
	return d
}

// Static reports whether rank and every axis length are known.
func (t Type) Static() bool { return t.Ranked && t.Shape.Static() }

// Elems returns the number of elements of a static type.
func (t Type) Elems() int { return elems(t.Shape.Ints()) }

func elems(dims []int) int {
	n := 1
	for _, d := range dims {
		n *= d
	}
	return n
}
