package importer

import "ann2snn/ir"

var opSelu = operator{name: "Selu", forms: []form{{
	since: []int{6, 22}, inputs: arity{1, 1},
	decode: func(n *node) ir.Op {
		return ir.Selu{Alpha: n.float("alpha", 1.67326319217681884765625), Gamma: n.float("gamma", 1.05070102214813232421875)}
	},
}}}
