package importer

import "ann2snn/ir"

var opFlatten = operator{name: "Flatten", forms: []form{{
	since: []int{1, 9, 11, 13, 21, 23, 24, 25}, inputs: arity{1, 1},
	decode: func(n *node) ir.Op { return ir.Flatten{Axis: n.axis(1)} },
}}}
