package importer

import "ann2snn/ir"

var opIdentity = operator{name: "Identity", forms: []form{{
	since: []int{1, 13, 14, 16, 19, 21, 23, 24, 25}, inputs: arity{1, 1},
	decode: func(*node) ir.Op { return ir.Identity{} },
}}}
