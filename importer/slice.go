package importer

import "ann2snn/ir"

var opSlice = operator{name: "Slice", forms: []form{
	{since: []int{1}, inputs: arity{1, 1}, decode: decodeSlice1},
	{since: []int{10, 11, 13}, inputs: arity{3, 5}, decode: func(*node) ir.Op { return ir.Slice{} }},
}}

func decodeSlice1(n *node) ir.Op {
	n.required("starts")
	n.required("ends")
	n.setInput(1, "starts", n.list("starts"))
	n.setInput(2, "ends", n.list("ends"))
	n.setInput(3, "axes", n.list("axes"))
	return ir.Slice{}
}
