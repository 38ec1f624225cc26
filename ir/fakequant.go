package ir

import "fmt"

// FakeQuant rounds x to levels: scale times the nearest integer to x / scale, halves to even,
// held to Low..High. Inputs: x, and scale, which has one element or one for each coordinate on
// Axis. It is what a QuantizeLinear and a DequantizeLinear of the same scale and zero point do
// together; Low and High are what is left of the integers without the zero point.
type FakeQuant struct {
	Axis, Low, High int
}

// Kind implements Op.
func (FakeQuant) Kind() string { return "FakeQuant" }

// Infer implements Op.
func (op FakeQuant) Infer(in []Type) ([]Type, error) {
	if op.Low >= op.High {
		return nil, fmt.Errorf("the range %d to %d is empty", op.Low, op.High)
	}
	if err := firstErr(arity(in, 2, 2), wantDType(in, Float32),
		Scaling{Axis: op.Axis}.check(in[0], at(in, 1), "the scale")); err != nil {
		return nil, err
	}
	return like(in[0])
}
