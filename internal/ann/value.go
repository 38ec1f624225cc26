package ann

import (
	"fmt"

	"ann2snn/internal/arena"
	"ann2snn/internal/kernels/f32"
	"ann2snn/ir"
)

// element is a Go type that holds elements of values.
type element interface{ float32 | int64 | bool }

// memory holds what a run computes, by element type, and its multiplier of matrices.
type memory struct {
	floats []float32
	ints   []int64
	bools  []bool
	gemm   *f32.Gemm
	worker *f32.Worker

	watched bool      // the caller sees every value
	wanted  []bool    // by ir.ValueID: nil, or those that the caller sees of them
	shown   []float32 // a map in the order of ONNX
}

// value is one tensor of a program, or scratch memory of a step.
type value struct {
	dtype    ir.DType
	shape    []int
	n        int        // elements
	constant *ir.Tensor // the elements where they are known at compile time

	shares *value       // the value whose memory this one uses too, until planned
	place  arena.Buffer // in the memory of its element type, once planned
	last   int          // the last step that reads it or what shares its memory; 0 if none does

	interleaved bool      // channels are last in memory; otherwise elements are in the order of ONNX
	other       *value    // the same elements in the other order, if a step needs them
	epilogue    *epilogue // of the step that computes it, if it can have one
	readers     int       // how many inputs of nodes and outputs of the network it is
	replaced    bool      // by the caller, once computed
}

// newValue returns the value of a type, which must be static.
func newValue(t ir.Type) (*value, error) {
	if t.DType == ir.Invalid || !t.Static() {
		return nil, fmt.Errorf("has type %v, want a known shape (run ir/passes first)", t)
	}
	return &value{dtype: t.DType, shape: t.Shape.Ints(), n: t.Elems(), constant: t.Const}, nil
}

// base is the value at the end of the chain of shared memory.
func (v *value) base() *value {
	for v.shares != nil {
		v = v.shares
	}
	return v
}

// irType is the value's type as ir's methods take it; absent values have the zero Type.
func (v *value) irType() ir.Type {
	if v == nil {
		return ir.Type{}
	}
	t := ir.Of(v.dtype, v.shape...)
	t.Const = v.constant
	return t
}

// floats returns the elements of a Float32 value.
func (v *value) floats(m *memory) []float32 {
	if v.constant != nil {
		return v.constant.F
	}
	return m.floats[v.place.At : v.place.At+v.n : v.place.At+v.n]
}

// elements returns the elements of a value that holds T.
func elements[T element](v *value, m *memory) []T {
	if v.constant != nil {
		return choose[T](v.constant.F, v.constant.I, v.constant.B)
	}
	return choose[T](m.floats, m.ints, m.bools)[v.place.At : v.place.At+v.n : v.place.At+v.n]
}

// choose returns the one argument that has type []T.
func choose[T element](floats []float32, ints []int64, bools []bool) []T {
	var chosen []T
	switch p := any(&chosen).(type) {
	case *[]float32:
		*p = floats
	case *[]int64:
		*p = ints
	case *[]bool:
		*p = bools
	}
	return chosen
}

// tensor returns v as a tensor; only constants are not copied.
func (v *value) tensor(m *memory) *ir.Tensor {
	if v.constant != nil {
		return v.constant
	}
	t := &ir.Tensor{DType: v.dtype, Shape: v.shape}
	switch v.dtype {
	case ir.Float32:
		t.F = make([]float32, v.n)
		v.inONNXOrder(m.worker, t.F, v.floats(m))
	case ir.Int64:
		t.I = append([]int64{}, elements[int64](v, m)...)
	case ir.Bool:
		t.B = append([]bool{}, elements[bool](v, m)...)
	}
	return t
}

// load copies the elements of t into v.
func (v *value) load(m *memory, t *ir.Tensor) error {
	switch {
	case t.DType != v.dtype:
		return fmt.Errorf("is %v, want %v", t.DType, v.dtype)
	case t.Len() != v.n:
		return fmt.Errorf("has %d elements, want %d %v", t.Len(), v.n, v.shape)
	}
	forElement(v.dtype, loadElements[float32], loadElements[int64], loadElements[bool])(v, m, t)
	return nil
}

func loadElements[T element](v *value, m *memory, t *ir.Tensor) {
	copy(elements[T](v, m), choose[T](t.F, t.I, t.B))
}
