package importer

import "ann2snn/ir"

var opRange = operator{name: "Range", becomes: ir.Progression{}, forms: []form{{
	since: []int{11, 27}, inputs: arity{3, 3},
	decode: func(*node) ir.Op { return ir.Progression{} },
}}}
