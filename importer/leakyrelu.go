package importer

import "ann2snn/ir"

var opLeakyRelu = operator{name: "LeakyRelu", forms: []form{{
	since: []int{6, 16}, inputs: arity{1, 1},
	decode: func(n *node) ir.Op { return ir.LeakyRelu{Alpha: n.float("alpha", 0.01)} },
}}}
