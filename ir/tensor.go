package ir

import "fmt"

// Tensor is a constant: exactly one of F, I, B is used, as DType says, in row-major
// order. Tensors are shared between graphs and must not be changed.
type Tensor struct {
	DType  DType
	Shape  []int
	F      []float32
	I      []int64
	B      []bool
	Stored string // element type in the ONNX file where it differs, such as "float16"
}

// Floats returns a Float32 tensor over data (not copied).
func Floats(data []float32, shape ...int) *Tensor {
	return &Tensor{DType: Float32, Shape: shape, F: data}
}

// Ints returns an Int64 tensor over data (not copied).
func Ints(data []int64, shape ...int) *Tensor { return &Tensor{DType: Int64, Shape: shape, I: data} }

// Bools returns a Bool tensor over data (not copied).
func Bools(data []bool, shape ...int) *Tensor { return &Tensor{DType: Bool, Shape: shape, B: data} }

// Len returns the number of elements.
func (t *Tensor) Len() int { return elems(t.Shape) }

// Type returns the type of a constant value t.
func (t *Tensor) Type() Type {
	return Type{DType: t.DType, Ranked: true, Shape: Fixed(t.Shape...), Const: t}
}

// check says what is wrong with t.
func (t *Tensor) check() error {
	for i, d := range t.Shape {
		if d < 0 {
			return fmt.Errorf("axis %d of %v is negative", i, t.Shape)
		}
	}
	if err := checkShape(Fixed(t.Shape...)); err != nil {
		return err
	}
	stored := map[DType]int{Float32: len(t.F), Int64: len(t.I), Bool: len(t.B)}
	if n := stored[t.DType]; n != t.Len() || n != len(t.F)+len(t.I)+len(t.B) {
		return fmt.Errorf("a tensor %v%v holds %d float32, %d int64 and %d bool elements",
			t.DType, t.Shape, len(t.F), len(t.I), len(t.B))
	}
	return nil
}
