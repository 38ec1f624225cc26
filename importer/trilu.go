package importer

import "ann2snn/ir"

var opTrilu = operator{name: "Trilu", forms: []form{{
	since: []int{14}, inputs: arity{1, 2},
	decode: func(n *node) ir.Op { return ir.Trilu{Upper: n.flag("upper", true)} },
}}}
