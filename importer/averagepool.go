package importer

import "ann2snn/ir"

var opAveragePool = operator{name: "AveragePool", forms: []form{
	{since: []int{7}, inputs: arity{1, 1}, decode: func(n *node) ir.Op { return averagePool7(n) }},
	{since: []int{10, 11}, inputs: arity{1, 1}, decode: func(n *node) ir.Op { return averagePool10(n) }},
	{since: []int{19, 22}, inputs: arity{1, 1}, decode: decodeAveragePool19},
}}

func averagePool7(n *node) ir.AveragePool {
	kernel := n.poolKernel()
	return ir.AveragePool{
		Kernel:   kernel,
		Window:   n.window(len(kernel)),
		CountPad: n.flag("count_include_pad", false),
	}
}

func averagePool10(n *node) ir.AveragePool {
	pool := averagePool7(n)
	pool.Window.Ceil = n.flag("ceil_mode", false)
	return pool
}

func decodeAveragePool19(n *node) ir.Op {
	pool := averagePool10(n)
	pool.Window.Dilations = n.dilations(len(pool.Kernel))
	return pool
}
