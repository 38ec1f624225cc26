package importer

import "ann2snn/ir"

var opThresholdedRelu = operator{name: "ThresholdedRelu", forms: []form{{
	since: []int{10, 22}, inputs: arity{1, 1},
	decode: func(n *node) ir.Op { return ir.ThresholdedRelu{Alpha: n.float("alpha", 1)} },
}}}
