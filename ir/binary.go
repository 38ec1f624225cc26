package ir

import "fmt"

// BinaryFn names the function of a Binary.
type BinaryFn uint8

// The functions of Binary. Comparisons and logic give Bool, the others the type of a; Pow alone
// takes an exponent of another type than its base.
const (
	Sub BinaryFn = iota
	Mul
	Div
	Pow
	Equal
	Max
	Min
	Mod  // with the sign of the divisor
	Fmod // with the sign of what is divided
	Greater
	GreaterOrEqual
	Less
	LessOrEqual
	And
	Or
	Xor
)

// compares reports whether f gives Bool.
func (f BinaryFn) compares() bool { return f == Equal || f >= Greater }

// Binary is an elementwise function of a and b with numpy broadcasting. Addition,
// which spiking networks treat specially, is Add.
type Binary struct{ Fn BinaryFn }

// Kind implements Op.
func (Binary) Kind() string { return "Binary" }

// Infer implements Op.
func (op Binary) Infer(in []Type) ([]Type, error) {
	if !validEnum(op.Fn) {
		return nil, fmt.Errorf("unknown function %v", op.Fn)
	}
	if err := firstErr(arity(in, 2, 2), op.checkDTypes(in)); err != nil {
		return nil, err
	}
	if op.Fn.compares() {
		return inferBroadcast(in, Bool)
	}
	return inferBroadcast(in, in[0].DType)
}

func (op Binary) checkDTypes(in []Type) error {
	switch op.Fn {
	case Equal:
		return sameDType(in, 0)
	case And, Or, Xor:
		return wantDType(in, Bool)
	case Pow:
		return wantDType(in, Float32, Int64)
	}
	return firstErr(wantDType(in, Float32, Int64), sameDType(in, 0))
}
