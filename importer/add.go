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

// decodeSum makes a chain of Adds, from left to right.
func decodeSum(n *node) ir.Op {
	if slices.Contains(n.in, ir.None) {
		n.failf("an input is missing")
	}
	last := len(n.in) - 1
	if last == 0 {
		return ir.Identity{}
	}
	total := n.in[0]
	for _, in := range n.in[1:last] {
		total = n.emit(ir.Add{}, total, in)
	}
	n.in = []ir.ValueID{total, n.in[last]}
	return ir.Add{}
}
