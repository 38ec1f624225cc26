package importer

import (
	"slices"

	"ann2snn/ir"
)

var opAdd = operator{name: "Add", forms: []form{{
	since: []int{7, 13, 14}, inputs: arity{2, 2},
	decode: func(*node) ir.Op { return ir.Add{} },
}}}

var opSum = operator{name: "Sum", becomes: ir.Add{}, forms: []form{{
	since: []int{6, 8, 13}, inputs: arity{1, unbounded},
	decode: decodeSum,
}}}

// decodeSum makes a chain of Adds.
func decodeSum(n *node) ir.Op { return n.chain(ir.Add{}) }

var opMean = operator{name: "Mean", becomes: ir.Add{}, forms: []form{{
	since: []int{6, 8, 13}, inputs: arity{1, unbounded},
	decode: func(n *node) ir.Op {
		share := 1 / float32(len(n.in))
		sum := n.chain(ir.Add{})
		n.in = []ir.ValueID{n.emit(sum, n.in...)}
		n.setInput(1, "share", ir.Floats([]float32{share}))
		return ir.Binary{Fn: ir.Mul}
	},
}}}

// chain applies an operator of two inputs to any number of them, from left to right.
func (n *node) chain(op ir.Op) ir.Op {
	if slices.Contains(n.in, ir.None) {
		n.failf("an input is missing")
	}
	last := len(n.in) - 1
	if last == 0 {
		return ir.Identity{}
	}
	total := n.in[0]
	for _, in := range n.in[1:last] {
		total = n.emit(op, total, in)
	}
	n.in = []ir.ValueID{total, n.in[last]}
	return op
}
