package importer

import "ann2snn/ir"

var (
	opDiv   = binaryOperator("Div", "by a constant", ir.Div, 7, 13, 14)
	opEqual = binaryOperator("Equal", "", ir.Equal, 7, 11, 13, 19)
	opMul   = binaryOperator("Mul", "by a constant or by another signal (squeeze-and-excitation, gates)", ir.Mul, 7, 13, 14)
	opPow   = binaryOperator("Pow", "", ir.Pow, 7, 12, 13, 15)
	opSub   = binaryOperator("Sub", "", ir.Sub, 7, 13, 14)
)

// binaryOperator is an operator of two inputs, which broadcast, and no attributes.
func binaryOperator(name, note string, fn ir.BinaryFn, since ...int) operator {
	return operator{name: name, note: note, becomes: ir.Binary{Fn: fn}, forms: []form{{
		since: since, inputs: arity{2, 2},
		decode: func(*node) ir.Op { return ir.Binary{Fn: fn} },
	}}}
}
