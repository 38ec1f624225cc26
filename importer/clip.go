package importer

import "ann2snn/ir"

var opClip = operator{name: "Clip", forms: []form{
	{since: []int{6}, inputs: arity{1, 1}, decode: decodeClip6},
	{since: []int{11, 12, 13}, inputs: arity{1, 3}, decode: func(*node) ir.Op { return ir.Clip{} }},
}}

func decodeClip6(n *node) ir.Op {
	n.setInput(1, "min", n.scalar("min"))
	n.setInput(2, "max", n.scalar("max"))
	return ir.Clip{}
}
