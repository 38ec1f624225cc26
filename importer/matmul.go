package importer

import "ann2snn/ir"

var opMatMul = operator{name: "MatMul", forms: []form{{
	since: []int{1, 9, 13}, inputs: arity{2, 2},
	decode: func(*node) ir.Op { return ir.MatMul{} },
}}}
