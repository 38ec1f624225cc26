package importer

import "ann2snn/ir"

var opMaxPool = operator{
	name: "MaxPool", note: "without the output Indices",
	forms: []form{
		{since: []int{1}, inputs: arity{1, 1}, decode: func(n *node) ir.Op { return maxPool1(n) }},
		{since: []int{8}, inputs: arity{1, 1}, outputs: 2, decode: func(n *node) ir.Op { return maxPool8(n) }},
		{since: []int{10, 11, 12, 22}, inputs: arity{1, 1}, outputs: 2, decode: decodeMaxPool10},
	},
}

func maxPool1(n *node) ir.MaxPool {
	kernel := n.poolKernel()
	return ir.MaxPool{Kernel: kernel, Window: n.window(len(kernel))}
}

func maxPool8(n *node) ir.MaxPool {
	n.int("storage_order", 0, 0, 1) // concerns Indices only
	if n.reads(1) {
		n.reject("the output Indices is not supported")
	}
	n.out = n.out[:1]
	return maxPool1(n)
}

func decodeMaxPool10(n *node) ir.Op {
	pool := maxPool8(n)
	pool.Window.Dilations = n.dilations(len(pool.Kernel))
	pool.Window.Ceil = n.flag("ceil_mode", false)
	return pool
}
