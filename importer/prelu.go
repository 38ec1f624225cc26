package importer

import "ann2snn/ir"

var opPRelu = operator{name: "PRelu", forms: []form{{
	since: []int{7, 9, 16}, inputs: arity{2, 2},
	decode: func(*node) ir.Op { return ir.PRelu{} },
}}}
