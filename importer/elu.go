package importer

import "ann2snn/ir"

var opElu = operator{name: "Elu", forms: []form{{
	since: []int{6, 22}, inputs: arity{1, 1},
	decode: func(n *node) ir.Op { return ir.Elu{Alpha: n.float("alpha", 1)} },
}}}
