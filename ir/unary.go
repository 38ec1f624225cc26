package ir

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
)

// Unary is an elementwise function of x that no lowering rule treats specially.
type Unary struct{ Fn UnaryFn }

// Kind implements Op.
func (Unary) Kind() string { return "Unary" }

// Infer implements Op.
func (Unary) Infer(in []Type) ([]Type, error) { return nil, errNotInferred }
