package ir

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

// Type returns the type of a value that holds t.
func (t *Tensor) Type() Type {
	return Type{DType: t.DType, Ranked: true, Shape: Fixed(t.Shape...), Const: t}
}
