package importer

import "ann2snn/ir"

var opHardSwish = operator{name: "HardSwish", forms: []form{{
	since: []int{14, 22}, inputs: arity{1, 1},
	decode: func(*node) ir.Op { return ir.HardSwish{} },
}}}
