package importer

import "ann2snn/ir"

var opExpand = operator{name: "Expand", forms: []form{{
	since: []int{8, 13}, inputs: arity{2, 2},
	decode: func(*node) ir.Op { return ir.Expand{} },
}}}
