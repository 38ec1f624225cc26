package importer

import "ann2snn/ir"

var opSigmoid = operator{name: "Sigmoid", forms: []form{{
	since: []int{6, 13}, inputs: arity{1, 1},
	decode: func(*node) ir.Op { return ir.Sigmoid{} },
}}}
