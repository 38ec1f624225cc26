package ir

import "fmt"

// Scaling says which elements of a tensor share a scale and a zero point: all where both are
// scalars, those of a coordinate on Axis where they have one axis, and Block neighbours along Axis
// where Block is not 0, in which case both have as many axes as the tensor. ONNX: attributes
// axis and block_size.
type Scaling struct {
	Axis, Block int
}

// DequantizeLinear is (x - zero) * scale. Inputs: x (integers), scale, optional zero.
type DequantizeLinear struct{ Scaling }

// Kind implements Op.
func (DequantizeLinear) Kind() string { return "DequantizeLinear" }

// Infer implements Op.
func (op DequantizeLinear) Infer(in []Type) ([]Type, error) {
	if err := firstErr(arity(in, 2, 3), wantInput(in, 0, Int64), wantInput(in, 1, Float32), wantInput(in, 2, Int64),
		op.check(in[0], at(in, 1), "the scale"), op.check(in[0], at(in, 2), "the zero point")); err != nil {
		return nil, err
	}
	t := in[0]
	t.DType = Float32
	return like(t)
}

// check says what is wrong with the shape of a scale or a zero point of x.
func (s Scaling) check(x, p Type, what string) error {
	if !x.Static() || !p.Static() || p.Elems() == 1 {
		return nil
	}
	axis, err := Axis(s.Axis, len(x.Shape))
	if err != nil {
		return err
	}
	want := []int{x.Shape[axis].N}
	if s.Block > 0 {
		want = x.Shape.Ints()
		want[axis] = (want[axis] + s.Block - 1) / s.Block
	}
	if !p.Shape.fits(Fixed(want...)) {
		return fmt.Errorf("%s has shape %v, want %v or one element", what, p.Shape, want)
	}
	return nil
}

// Share returns, for each element of a tensor of the given shape, in row-major order, the
// element of its scale and zero point, as a function of the number of the element. The shapes
// have been checked.
func (s Scaling) Share(shape []int) func(i int) int {
	axis := s.Axis
	if axis < 0 {
		axis += len(shape)
	}
	inner := elems(shape[axis+1:])
	if s.Block == 0 {
		return func(i int) int { return i / inner % shape[axis] }
	}
	blocks := (shape[axis] + s.Block - 1) / s.Block
	return func(i int) int {
		return (i/inner/shape[axis]*blocks+i/inner%shape[axis]/s.Block)*inner + i%inner
	}
}
