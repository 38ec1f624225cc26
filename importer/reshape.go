package importer

import "ann2snn/ir"

var opReshape = operator{name: "Reshape", forms: []form{
	{since: []int{5, 13}, inputs: arity{2, 2}, decode: func(*node) ir.Op { return ir.Reshape{} }},
	{since: []int{14, 19, 21, 23, 24, 25}, inputs: arity{2, 2}, decode: func(n *node) ir.Op {
		return ir.Reshape{AllowZero: n.flag("allowzero", false)}
	}},
}}
