package importer

import "ann2snn/ir"

var opRelu = operator{name: "Relu", forms: []form{{
	since: []int{6, 13, 14}, inputs: arity{1, 1},
	decode: func(*node) ir.Op { return ir.Relu{} },
}}}
