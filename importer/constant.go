package importer

import "ann2snn/ir"

var opConstant = operator{
	name: "Constant", note: "without strings and sparse tensors",
	forms: []form{{since: []int{1, 9, 11, 12, 13, 19, 21, 23, 24, 25}, decode: decodeConstant}},
}

// decodeConstant makes the node's output a constant of the graph.
func decodeConstant(n *node) ir.Op {
	if len(n.attributes) != 1 {
		n.failf("has %d attributes, want one", len(n.attributes))
		return nil
	}
	if c := n.constantValue(); c != nil {
		n.t.graph.Value(n.out[0]).Type = c.Type()
	}
	return nil
}

// constantValue reads the attribute that is the value of a Constant.
func (n *node) constantValue() *ir.Tensor {
	switch {
	case n.has("value"):
		return n.tensor("value")
	case n.has("value_float"):
		return n.scalar("value_float")
	case n.has("value_floats"):
		v, _ := attribute[[]float32](n, "value_floats")
		return ir.Floats(v, len(v))
	case n.has("value_int"):
		v, _ := attribute[int64](n, "value_int")
		return ir.Ints([]int64{v})
	case n.has("value_ints"):
		return n.list("value_ints")
	case n.has("sparse_value"), n.has("value_string"), n.has("value_strings"):
		n.reject("strings and sparse tensors are not supported")
	}
	return nil
}
