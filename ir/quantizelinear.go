package ir

import "fmt"

// QuantizeLinear is x / scale, rounded to the nearest integer, halves to even, plus zero, held
// to Low..High. Inputs: x, scale, optional zero.
type QuantizeLinear struct {
	Scaling
	Low, High int
}

// Kind implements Op.
func (QuantizeLinear) Kind() string { return "QuantizeLinear" }

// Infer implements Op.
func (op QuantizeLinear) Infer(in []Type) ([]Type, error) {
	if op.Low >= op.High {
		return nil, fmt.Errorf("the range %d to %d is empty", op.Low, op.High)
	}
	if err := firstErr(arity(in, 2, 3), wantInput(in, 0, Float32), wantInput(in, 1, Float32), wantInput(in, 2, Int64),
		op.check(in[0], at(in, 1), "the scale"), op.check(in[0], at(in, 2), "the zero point")); err != nil {
		return nil, err
	}
	t := in[0]
	t.DType = Int64
	return like(t)
}
