package importer

import "ann2snn/ir"

var (
	opReduceMean      = reduceOperator("ReduceMean", ir.Mean, 1, 11, 13)
	opReduceL1        = reduceOperator("ReduceL1", ir.L1, 1, 11, 13)
	opReduceL2        = reduceOperator("ReduceL2", ir.L2, 1, 11, 13)
	opReduceMax       = reduceOperator("ReduceMax", ir.Largest, 1, 11, 12, 13)
	opReduceMin       = reduceOperator("ReduceMin", ir.Smallest, 1, 11, 12, 13)
	opReduceSumSquare = reduceOperator("ReduceSumSquare", ir.SumSquare, 1, 11, 13)
)

// reduceOperator is an operator that takes its axes as an input since opset 18.
func reduceOperator(name string, fn ir.ReduceFn, before18 ...int) operator {
	since := []int{18}
	if fn == ir.Largest || fn == ir.Smallest {
		since = append(since, 20)
	}
	return operator{name: name, becomes: ir.Reduce{Fn: fn}, forms: []form{
		{since: before18, inputs: arity{1, 1}, decode: reduceByAttribute(fn)},
		{since: since, inputs: arity{1, 2}, decode: reduceByInput(fn)},
	}}
}

var (
	opReduceLogSum    = afterReduction("ReduceLogSum", (*node).logSum)
	opReduceLogSumExp = afterReduction("ReduceLogSumExp", (*node).logSumExp)
)

// afterReduction is an operator that is made of a sum and of functions around it.
func afterReduction(name string, decode func(n *node, sum ir.Reduce) ir.Op) operator {
	o := reduceOperator(name, ir.Sum, 1, 11, 13)
	o.becomes = ir.Unary{Fn: ir.Log}
	for i, f := range o.forms {
		inner := f.decode
		o.forms[i].decode = func(n *node) ir.Op {
			sum, ok := inner(n).(ir.Reduce)
			if !ok {
				return nil
			}
			return decode(n, sum)
		}
	}
	return o
}

func (n *node) logSum(sum ir.Reduce) ir.Op {
	n.in = []ir.ValueID{n.emit(sum, n.in...)}
	return ir.Unary{Fn: ir.Log}
}

// logSumExp takes the largest number off before the exponential function, which would overflow.
func (n *node) logSumExp(sum ir.Reduce) ir.Op {
	x, axes := n.in[0], n.in[1:]
	largest := sum
	largest.Fn, largest.KeepDims = ir.Largest, true
	reduce := func(op ir.Reduce, v ir.ValueID) ir.ValueID { return n.emit(op, append([]ir.ValueID{v}, axes...)...) }
	rest := n.emit(ir.Unary{Fn: ir.Exp}, n.emit(ir.Binary{Fn: ir.Sub}, x, reduce(largest, x)))
	largest.KeepDims = sum.KeepDims
	n.in = []ir.ValueID{n.emit(ir.Unary{Fn: ir.Log}, reduce(sum, rest)), reduce(largest, x)}
	return ir.Add{}
}

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
