package importer

import "ann2snn/ir"

var opGatherElements = operator{name: "GatherElements", forms: []form{{
	since: []int{11, 13}, inputs: arity{2, 2},
	decode: func(n *node) ir.Op { return ir.GatherElements{Axis: n.axis(0)} },
}}}
