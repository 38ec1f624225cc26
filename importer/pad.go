package importer

import (
	"maps"

	"ann2snn/ir"
)

var opPad = operator{name: "Pad", forms: []form{
	{since: []int{2}, inputs: arity{1, 1}, decode: decodePad2},
	{since: []int{11, 13}, inputs: arity{2, 3}, decode: decodePad11},
	{since: []int{18}, inputs: arity{2, 4}, decode: decodePad11},
	{since: []int{19, 21, 23, 24, 25}, inputs: arity{2, 4}, decode: decodePad19},
}}

var padModes = map[string]ir.PadMode{
	"constant": ir.PadConstant,
	"edge":     ir.PadEdge,
	"reflect":  ir.PadReflect,
}

func decodePad2(n *node) ir.Op {
	n.required("pads")
	n.setInput(1, "pads", n.list("pads"))
	n.setInput(2, "value", n.scalar("value"))
	return decodePad11(n)
}

func decodePad11(n *node) ir.Op {
	return ir.Pad{Mode: choice(n, "mode", "constant", padModes)}
}

func decodePad19(n *node) ir.Op {
	modes := maps.Clone(padModes)
	modes["wrap"] = ir.PadWrap
	return ir.Pad{Mode: choice(n, "mode", "constant", modes)}
}
