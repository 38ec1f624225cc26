package importer

import "ann2snn/ir"

var opConstantOfShape = operator{name: "ConstantOfShape", forms: []form{{
	since: []int{9, 20, 21, 23, 24, 25}, inputs: arity{1, 1},
	decode: decodeConstantOfShape,
}}}

func decodeConstantOfShape(n *node) ir.Op {
	value := ir.Floats([]float32{0}, 1)
	if n.has("value") {
		value = n.tensor("value")
	}
	if value != nil && value.Len() != 1 {
		n.failf("attribute value has %d elements, want one", value.Len())
	}
	return ir.ConstantOfShape{Value: value}
}
