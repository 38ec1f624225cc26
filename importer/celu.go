package importer

import "ann2snn/ir"

var opCelu = operator{name: "Celu", forms: []form{{
	since: []int{12}, inputs: arity{1, 1},
	decode: func(n *node) ir.Op { return ir.Celu{Alpha: n.float("alpha", 1)} },
}}}
