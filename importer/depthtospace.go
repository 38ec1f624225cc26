package importer

import "ann2snn/ir"

var opDepthToSpace = operator{name: "DepthToSpace", forms: []form{
	{since: []int{1}, inputs: arity{1, 1}, decode: func(n *node) ir.Op {
		return ir.DepthToSpace{Block: n.blockSize()}
	}},
	{since: []int{11, 13}, inputs: arity{1, 1}, decode: func(n *node) ir.Op {
		crd := choice(n, "mode", "DCR", map[string]bool{"DCR": false, "CRD": true})
		return ir.DepthToSpace{Block: n.blockSize(), CRD: crd}
	}},
}}

var opSpaceToDepth = operator{name: "SpaceToDepth", forms: []form{{
	since: []int{1, 13}, inputs: arity{1, 1},
	decode: func(n *node) ir.Op { return ir.SpaceToDepth{Block: n.blockSize()} },
}}}

func (n *node) blockSize() int {
	n.required("blocksize")
	return n.int("blocksize", 1, 1, ir.MaxElems)
}
