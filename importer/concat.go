package importer

import (
	"slices"

	"ann2snn/ir"
)

var opConcat = operator{name: "Concat", forms: []form{{
	since: []int{4, 11, 13}, inputs: arity{1, unbounded},
	decode: decodeConcat,
}}}

func decodeConcat(n *node) ir.Op {
	if slices.Contains(n.in, ir.None) {
		n.failf("an input is missing")
	}
	n.required("axis")
	return ir.Concat{Axis: n.axis(0)}
}
