package importer

import "ann2snn/ir"

var opSplit = operator{name: "Split", forms: []form{
	{since: []int{2, 11}, inputs: arity{1, 1}, outputs: unbounded, decode: decodeSplit2},
	{since: []int{13}, inputs: arity{1, 2}, outputs: unbounded, decode: decodeSplit13},
	{since: []int{18}, inputs: arity{1, 2}, outputs: unbounded, decode: decodeSplit18},
}}

func decodeSplit2(n *node) ir.Op {
	n.setInput(1, "split", n.list("split"))
	return decodeSplit13(n)
}

func decodeSplit13(n *node) ir.Op {
	return ir.Split{Axis: n.axis(0), Parts: len(n.out)}
}

func decodeSplit18(n *node) ir.Op {
	if n.has("num_outputs") && n.hasInput(1) {
		n.failf("has both attribute num_outputs and input split")
	}
	n.int("num_outputs", len(n.out), len(n.out), len(n.out))
	return decodeSplit13(n)
}
