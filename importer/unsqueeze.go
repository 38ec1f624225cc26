package importer

import "ann2snn/ir"

var opUnsqueeze = operator{name: "Unsqueeze", forms: []form{
	{since: []int{1, 11}, inputs: arity{1, 1}, decode: decodeUnsqueeze1},
	{since: []int{13, 21, 23, 24, 25}, inputs: arity{2, 2}, decode: func(*node) ir.Op { return ir.Unsqueeze{} }},
}}

func decodeUnsqueeze1(n *node) ir.Op {
	n.required("axes")
	n.setInput(1, "axes", n.list("axes"))
	return ir.Unsqueeze{}
}
