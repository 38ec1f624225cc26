package importer

import "ann2snn/ir"

var (
	opAbs        = unaryOperator("Abs", ir.Abs, 6, 13)
	opErf        = unaryOperator("Erf", ir.Erf, 9, 13)
	opCeil       = ceil()
	opExp        = unaryOperator("Exp", ir.Exp, 6, 13)
	opFloor      = unaryOperator("Floor", ir.Floor, 6, 13)
	opRound      = unaryOperator("Round", ir.Round, 11)
	opGelu       = gelu()
	opLog        = positive(unaryOperator("Log", ir.Log, 6, 13))
	opMish       = unaryOperator("Mish", ir.Mish, 18, 22)
	opNeg        = unaryOperator("Neg", ir.Neg, 6, 13)
	opReciprocal = positive(unaryOperator("Reciprocal", ir.Reciprocal, 6, 13))
	opSoftplus   = unaryOperator("Softplus", ir.Softplus, 1, 22)
	opSoftsign   = unaryOperator("Softsign", ir.Softsign, 1, 22)
	opSqrt       = unaryOperator("Sqrt", ir.Sqrt, 6, 13)
)

// unaryOperator is an operator of one input and no attributes.
func unaryOperator(name string, fn ir.UnaryFn, since ...int) operator {
	return operator{name: name, becomes: ir.Unary{Fn: fn}, forms: []form{{
		since: since, inputs: arity{1, 1},
		decode: func(*node) ir.Op { return ir.Unary{Fn: fn} },
	}}}
}

// ceil is the negated floor of the negated number.
func ceil() operator {
	o := unaryOperator("Ceil", ir.Floor, 6, 13)
	o.forms[0].decode = func(n *node) ir.Op {
		n.in[0] = n.emit(ir.Unary{Fn: ir.Floor}, n.emit(ir.Unary{Fn: ir.Neg}, n.in[0]))
		return ir.Unary{Fn: ir.Neg}
	}
	return o
}

// positive notes that the conversion takes an operator of signals above 0.
func positive(o operator) operator {
	o.note = "of signals above 0"
	return o
}

// gelu has two functions, which an attribute names.
func gelu() operator {
	o := unaryOperator("Gelu", ir.Gelu, 20)
	o.forms[0].decode = func(n *node) ir.Op {
		return ir.Unary{Fn: choice(n, "approximate", "none", map[string]ir.UnaryFn{"none": ir.Gelu, "tanh": ir.GeluTanh})}
	}
	return o
}
