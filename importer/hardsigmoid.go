package importer

import "ann2snn/ir"

var opHardSigmoid = operator{name: "HardSigmoid", forms: []form{{
	since: []int{6, 22}, inputs: arity{1, 1},
	decode: func(n *node) ir.Op {
		return ir.HardSigmoid{Alpha: n.float("alpha", 0.2), Beta: n.float("beta", 0.5)}
	},
}}}
