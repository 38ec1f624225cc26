package importer

import "ann2snn/ir"

var opReduceMean = operator{name: "ReduceMean", becomes: ir.Reduce{Fn: ir.Mean}, forms: []form{
	{since: []int{1, 11, 13}, inputs: arity{1, 1}, decode: reduceByAttribute(ir.Mean)},
	{since: []int{18}, inputs: arity{1, 2}, decode: reduceByInput(ir.Mean)},
}}

var opReduceSum = operator{name: "ReduceSum", becomes: ir.Reduce{Fn: ir.Sum}, forms: []form{
	{since: []int{1, 11}, inputs: arity{1, 1}, decode: reduceByAttribute(ir.Sum)},
	{since: []int{13}, inputs: arity{1, 2}, decode: reduceByInput(ir.Sum)},
}}

// reduceByAttribute decodes the form whose axes are an attribute.
func reduceByAttribute(fn ir.ReduceFn) func(*node) ir.Op {
	return func(n *node) ir.Op {
		n.setInput(1, "axes", n.list("axes"))
		return ir.Reduce{Fn: fn, KeepDims: n.flag("keepdims", true)}
	}
}

// reduceByInput decodes the form whose axes are an input.
func reduceByInput(fn ir.ReduceFn) func(*node) ir.Op {
	return func(n *node) ir.Op {
		return ir.Reduce{
			Fn:        fn,
			KeepDims:  n.flag("keepdims", true),
			NoopEmpty: n.flag("noop_with_empty_axes", false),
		}
	}
}
