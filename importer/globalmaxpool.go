package importer

import "ann2snn/ir"

var opGlobalMaxPool = operator{name: "GlobalMaxPool", forms: []form{{
	since: []int{1, 22}, inputs: arity{1, 1},
	decode: func(*node) ir.Op { return ir.GlobalMaxPool{} },
}}}
