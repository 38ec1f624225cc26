package importer

import "ann2snn/ir"

// Operators on quantised values take these apart, compute on floats and quantise the result. Scales
// and zero points follow the values among the inputs.

var opQLinearConv = operator{name: "QLinearConv", becomes: ir.Conv{}, note: "scales are constant", forms: []form{{
	since: []int{10}, inputs: arity{8, 9}, decode: decodeQLinearConv,
}}}

var opQLinearMatMul = operator{name: "QLinearMatMul", becomes: ir.MatMul{}, forms: []form{{
	since: []int{10, 21}, inputs: arity{8, 8}, decode: func(n *node) ir.Op {
		return n.requantised(ir.MatMul{}, 6, n.dequantised(0, 1), n.dequantised(3, 1))
	},
}}}

// microsoft holds the operators of the domain com.microsoft that can be read, which ONNX Runtime's
// tools write for quantised models, sorted by name.
var microsoft = []operator{
	opDequantizeLinear,
	qlinear("QGemm", ir.Gemm{}, arity{6, 9}, decodeQGemm),
	qlinear("QLinearAdd", ir.Add{}, arity{8, 8}, onPair(ir.Add{})),
	qlinear("QLinearAveragePool", ir.AveragePool{}, arity{5, 5}, func(n *node) ir.Op {
		op := averagePool10(n)
		return n.pooled(op, len(op.Kernel))
	}),
	qlinear("QLinearConcat", ir.Concat{}, arity{5, unbounded}, decodeQLinearConcat),
	qlinear("QLinearConv", ir.Conv{}, arity{8, 9}, decodeQLinearConv),
	qlinear("QLinearGlobalAveragePool", ir.GlobalAveragePool{}, arity{5, 5}, func(n *node) ir.Op {
		return n.pooled(ir.GlobalAveragePool{}, 2) // of pictures
	}),
	qlinear("QLinearLeakyRelu", ir.LeakyRelu{}, arity{4, 5}, func(n *node) ir.Op {
		return n.requantised(ir.LeakyRelu{Alpha: n.float("alpha", 0.01)}, 3, n.dequantised(0, 1))
	}),
	qlinear("QLinearMul", ir.Binary{Fn: ir.Mul}, arity{8, 8}, onPair(ir.Binary{Fn: ir.Mul})),
	qlinear("QLinearSigmoid", ir.Sigmoid{}, arity{4, 5}, func(n *node) ir.Op {
		return n.requantised(ir.Sigmoid{}, 3, n.dequantised(0, 1))
	}),
	opQuantizeLinear,
}

func qlinear(name string, becomes ir.Op, inputs arity, decode func(n *node) ir.Op) operator {
	return operator{name: name, becomes: becomes, forms: []form{{since: []int{1}, inputs: inputs, decode: decode}}}
}

func onPair(op ir.Op) func(n *node) ir.Op {
	return func(n *node) ir.Op { return n.requantised(op, 6, n.dequantised(0, 1), n.dequantised(3, 1)) }
}

// input returns input i, which may be absent.
func (n *node) input(i int) ir.ValueID {
	if i >= len(n.in) {
		return ir.None
	}
	return n.in[i]
}

// dequantised takes apart input i, whose scale and zero point are the next two.
func (n *node) dequantised(i, axis int) ir.ValueID {
	return n.emit(ir.DequantizeLinear{Scaling: ir.Scaling{Axis: axis}}, trim([]ir.ValueID{n.input(i), n.input(i + 1), n.input(i + 2)})...)
}

// requantised applies an operator to floats and makes the node quantise the result, by the scale
// that is input i and the zero point behind it.
func (n *node) requantised(op ir.Op, i int, in ...ir.ValueID) ir.Op {
	result := n.emit(op, in...)
	low, high := n.quantisedRange(i + 1)
	n.in = trim([]ir.ValueID{result, n.input(i), n.input(i + 1)})
	return ir.QuantizeLinear{Scaling: ir.Scaling{Axis: 1}, Low: low, High: high}
}

func decodeQLinearConv(n *node) ir.Op {
	bias := ir.None
	if n.hasInput(8) {
		bias = n.dequantisedBias(8, 1, 4)
	}
	all := n.in
	n.in = []ir.ValueID{all[0], all[3]} // as decodeConv looks at the weights
	op := decodeConv(n)
	n.in = all
	if op == nil {
		return nil
	}
	axes := 2
	if w := n.constant(3); w != nil {
		axes = len(w.Shape) - 2
	}
	return n.channelsFirst(op, axes, 6, trim([]ir.ValueID{n.dequantised(0, 1), n.dequantised(3, 0), bias})...)
}

// pooled applies a pool over so many axes to input 0.
func (n *node) pooled(op ir.Op, axes int) ir.Op {
	return n.channelsFirst(op, axes, 3, n.dequantised(0, 1))
}

// channelsFirst is requantised for operators on maps, which ONNX Runtime may hold with the channels
// last.
func (n *node) channelsFirst(op ir.Op, axes, i int, in ...ir.ValueID) ir.Op {
	if !n.flag("channels_last", false) {
		return n.requantised(op, i, in...)
	}
	first, last := []int{0, axes + 1}, []int{0}
	for a := range axes {
		first, last = append(first, a+1), append(last, a+2)
	}
	in[0] = n.emit(ir.Transpose{Perm: first}, in[0])
	return n.requantised(ir.Transpose{Perm: append(last, 1)}, i, n.emit(op, in...))
}

// dequantisedBias takes apart input i, which is in products of the scales that inputs x and w are.
func (n *node) dequantisedBias(i, x, w int) ir.ValueID {
	a, b := n.constant(x), n.constant(w)
	if a == nil || b == nil || a.Len() != 1 {
		n.reject("its scales are not constant, so that its bias cannot be told")
		return ir.None
	}
	products := make([]float32, b.Len())
	for c, scale := range b.F {
		products[c] = a.F[0] * scale
	}
	tensor := ir.Floats(products)
	if len(products) > 1 {
		tensor = ir.Floats(products, len(products))
	}
	scale := n.t.graph.AddConst(n.t.fresh(label(n.proto)+"/bias_scale"), tensor)
	return n.emit(ir.DequantizeLinear{}, n.in[i], scale)
}

func decodeQGemm(n *node) ir.Op {
	op := ir.Gemm{Alpha: n.float("alpha", 1), Beta: 1, TransA: n.flag("transA", false), TransB: n.flag("transB", false)}
	axis := 1 // of the outputs
	if op.TransB {
		axis = 0
	}
	bias := ir.None
	if n.hasInput(6) {
		bias = n.dequantisedBias(6, 1, 4)
	}
	if bias != ir.None && op.Alpha != 1 {
		n.reject("its bias is in units of products, which alpha changes (export it with alpha 1)")
	}
	in := trim([]ir.ValueID{n.dequantised(0, 1), n.dequantised(3, axis), bias})
	if !n.hasInput(7) { // the output is floats
		n.in = in
		return op
	}
	return n.requantised(op, 7, in...)
}

func decodeQLinearConcat(n *node) ir.Op {
	const first, each = 2, 3
	if (len(n.in)-first)%each != 0 {
		n.failf("has %d inputs, want two and three for every value", len(n.in))
		return nil
	}
	n.required("axis")
	var in []ir.ValueID
	for i := first; i < len(n.in); i += each {
		in = append(in, n.dequantised(i, 1))
	}
	return n.requantised(ir.Concat{Axis: n.axis(0)}, 0, in...)
}
