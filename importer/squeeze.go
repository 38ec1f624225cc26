package importer

import "ann2snn/ir"

var opSqueeze = operator{name: "Squeeze", forms: []form{
	{since: []int{1, 11}, inputs: arity{1, 1}, decode: decodeSqueeze1},
	{since: []int{13, 21, 23, 24, 25}, inputs: arity{1, 2}, decode: func(*node) ir.Op { return ir.Squeeze{} }},
}}

func decodeSqueeze1(n *node) ir.Op {
	n.setInput(1, "axes", n.list("axes"))
	return ir.Squeeze{}
}
