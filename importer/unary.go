package importer

import "ann2snn/ir"

var (
	opAbs        = unaryOperator("Abs", ir.Abs, 6, 13)
	opErf        = unaryOperator("Erf", ir.Erf, 9, 13)
	opExp        = unaryOperator("Exp", ir.Exp, 6, 13)
	opFloor      = unaryOperator("Floor", ir.Floor, 6, 13)
	opRound      = unaryOperator("Round", ir.Round, 11)
	opLog        = unaryOperator("Log", ir.Log, 6, 13)
	opNeg        = unaryOperator("Neg", ir.Neg, 6, 13)
	opReciprocal = unaryOperator("Reciprocal", ir.Reciprocal, 6, 13)
	opSoftplus   = unaryOperator("Softplus", ir.Softplus, 1, 22)
	opSqrt       = unaryOperator("Sqrt", ir.Sqrt, 6, 13)
)

// unaryOperator is an operator of one input and no attributes.
func unaryOperator(name string, fn ir.UnaryFn, since ...int) operator {
	return operator{name: name, becomes: ir.Unary{Fn: fn}, forms: []form{{
		since: since, inputs: arity{1, 1},
		decode: func(*node) ir.Op { return ir.Unary{Fn: fn} },
	}}}
}
