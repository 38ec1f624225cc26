package ir

import "fmt"

// UnaryFn names the function of a Unary.
type UnaryFn uint8

// The functions of Unary.
const (
	Neg UnaryFn = iota
	Sqrt
	Exp
	Abs
	Log
	Erf
	Floor
	Reciprocal
	Softplus
	Round    // to the nearest, halves to even
	Gelu     // by the error function
	GeluTanh // its approximation by tanh
	Mish
	Softsign
)

// Unary is an elementwise function of x that no lowering rule treats specially.
type Unary struct{ Fn UnaryFn }

// Kind implements Op.
func (Unary) Kind() string { return "Unary" }

// Infer implements Op.
func (op Unary) Infer(in []Type) ([]Type, error) {
	switch {
	case !validEnum(op.Fn):
		return nil, fmt.Errorf("unknown function %v", op.Fn)
	case op.Fn == Neg || op.Fn == Abs:
		return inferMap(in, Float32, Int64)
	}
	return inferFloatMap(in)
}
