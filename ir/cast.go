package ir

import "fmt"

// Cast converts elements to To; Stored is the ONNX type that the file names where To is wider, such as "int32".
type Cast struct {
	To     DType
	Stored string
}

// Kind implements Op.
func (Cast) Kind() string { return "Cast" }

// Infer implements Op.
func (op Cast) Infer(in []Type) ([]Type, error) {
	if op.To == Invalid || !validEnum(op.To) {
		return nil, fmt.Errorf("cannot cast to %v", op.To)
	}
	if err := arity(in, 1, 1); err != nil {
		return nil, err
	}
	t := in[0]
	t.DType = op.To
	return like(t)
}
