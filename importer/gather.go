package importer

import "ann2snn/ir"

var opGather = operator{name: "Gather", forms: []form{{
	since: []int{1, 11, 13}, inputs: arity{2, 2},
	decode: func(n *node) ir.Op { return ir.Gather{Axis: n.axis(0)} },
}}}
