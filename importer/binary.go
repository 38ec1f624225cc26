package importer

import "ann2snn/ir"

var (
	opDiv            = binaryOperator("Div", "by a constant or by a signal above 0", ir.Div, 7, 13, 14)
	opEqual          = binaryOperator("Equal", "", ir.Equal, 7, 11, 13, 19)
	opMul            = binaryOperator("Mul", "by a constant or by another signal (squeeze-and-excitation, gates)", ir.Mul, 7, 13, 14)
	opPow            = binaryOperator("Pow", "one exponent for all elements; of signals above 0, unless the exponent is a whole number", ir.Pow, 7, 12, 13, 15)
	opAnd            = binaryOperator("And", "", ir.And, 7)
	opGreater        = binaryOperator("Greater", "", ir.Greater, 7, 9, 13)
	opGreaterOrEqual = binaryOperator("GreaterOrEqual", "", ir.GreaterOrEqual, 12, 16)
	opLess           = binaryOperator("Less", "", ir.Less, 7, 9, 13)
	opLessOrEqual    = binaryOperator("LessOrEqual", "", ir.LessOrEqual, 12, 16)
	opOr             = binaryOperator("Or", "", ir.Or, 7)
	opXor            = binaryOperator("Xor", "", ir.Xor, 7)
	opSub            = binaryOperator("Sub", "", ir.Sub, 7, 13, 14)
)

// binaryOperator is an operator of two inputs, which broadcast, and no attributes.
func binaryOperator(name, note string, fn ir.BinaryFn, since ...int) operator {
	return operator{name: name, note: note, becomes: ir.Binary{Fn: fn}, forms: []form{{
		since: since, inputs: arity{2, 2},
		decode: func(*node) ir.Op { return ir.Binary{Fn: fn} },
	}}}
}

var (
	opMax = extremeOperator("Max", ir.Max)
	opMin = extremeOperator("Min", ir.Min)
)

// extremeOperator is the largest or the smallest of any number of inputs, which broadcast.
func extremeOperator(name string, fn ir.BinaryFn) operator {
	return operator{name: name, becomes: ir.Binary{Fn: fn}, forms: []form{{
		since: []int{6, 8, 12, 13}, inputs: arity{1, unbounded},
		decode: func(n *node) ir.Op { return n.chain(ir.Binary{Fn: fn}) },
	}}}
}

var opMod = operator{name: "Mod", becomes: ir.Binary{Fn: ir.Mod}, forms: []form{{
	since: []int{10, 13}, inputs: arity{2, 2},
	decode: func(n *node) ir.Op {
		if n.flag("fmod", false) {
			return ir.Binary{Fn: ir.Fmod}
		}
		return ir.Binary{Fn: ir.Mod}
	},
}}}
