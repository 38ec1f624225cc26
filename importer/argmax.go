package importer

import "ann2snn/ir"

var opArgMax = operator{name: "ArgMax", note: "as the last operator: its scores are the output", forms: []form{
	{since: []int{1, 11}, inputs: arity{1, 1}, decode: decodeArgMax},
	{since: []int{12, 13}, inputs: arity{1, 1}, decode: func(n *node) ir.Op {
		last := n.flag("select_last_index", false)
		op, _ := decodeArgMax(n).(ir.ArgMax)
		op.Last = last
		return op
	}},
}}

// ArgMin is the ArgMax of the negated scores.
var opArgMin = operator{name: "ArgMin", becomes: ir.ArgMax{}, note: "as the last operator: its negated scores are the output", forms: func() []form {
	forms := make([]form, len(opArgMax.forms))
	for i, f := range opArgMax.forms {
		decode := f.decode
		f.decode = func(n *node) ir.Op {
			op := decode(n)
			n.in[0] = n.emit(ir.Unary{Fn: ir.Neg}, n.in[0])
			return op
		}
		forms[i] = f
	}
	return forms
}()}

func decodeArgMax(n *node) ir.Op {
	return ir.ArgMax{Axis: n.axis(0), KeepDims: n.flag("keepdims", true)}
}
