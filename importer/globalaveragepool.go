package importer

import "ann2snn/ir"

var opGlobalAveragePool = operator{name: "GlobalAveragePool", forms: []form{{
	since: []int{1, 22}, inputs: arity{1, 1},
	decode: func(*node) ir.Op { return ir.GlobalAveragePool{} },
}}}
