package importer

import "ann2snn/ir"

// Before opset 13 the axes from axis on are normalised together.
var opLogSoftmax = operator{name: "LogSoftmax", forms: []form{
	{since: []int{1, 11}, inputs: arity{1, 1}, decode: func(n *node) ir.Op {
		return ir.LogSoftmax{Axis: n.axis(1), Flatten: true}
	}},
	{since: []int{13}, inputs: arity{1, 1}, decode: func(n *node) ir.Op {
		return ir.LogSoftmax{Axis: n.axis(-1)}
	}},
}}
