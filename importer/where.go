package importer

import "ann2snn/ir"

var opWhere = operator{name: "Where", forms: []form{{
	since: []int{9, 16}, inputs: arity{3, 3},
	decode: func(*node) ir.Op { return ir.Where{} },
}}}
