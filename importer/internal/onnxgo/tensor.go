package onnxgo

import (
	"fmt"
	"slices"

	// gorgonia's tensors panic when the program starts unless this package knows the
	// Go release; importing it keeps the version that does in go.mod. With another one
	// no test of this package would start.
	_ "go4.org/unsafe/assume-no-moving-gc"
	"gorgonia.org/tensor"

	"ann2snn/ir"
)

// Tensor returns the constant of elements, a []float32, []int64 or []bool that it shares.
// gorgonia's tensor checks that they fill the shape.
func Tensor(shape []int, elems any) (t *ir.Tensor, err error) {
	defer func() {
		if p := recover(); p != nil {
			t, err = nil, fmt.Errorf("shape %v: %v", shape, p)
		}
	}()
	dense := tensor.New(tensor.WithShape(shape...), tensor.WithBacking(elems))
	t = &ir.Tensor{Shape: slices.Clone(dense.Shape())}
	switch dense.Dtype() {
	case tensor.Float32:
		t.DType, t.F = ir.Float32, dense.Float32s()
	case tensor.Int64:
		t.DType, t.I = ir.Int64, dense.Int64s()
	case tensor.Bool:
		t.DType, t.B = ir.Bool, dense.Bools()
	default:
		return nil, fmt.Errorf("elements of type %v have no place in the graph", dense.Dtype())
	}
	return t, nil
}
