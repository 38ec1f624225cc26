package passes

import (
	"fmt"
	"math"
	"slices"

	"pgregory.net/rapid"

	"ann2snn/ir"
)

// A drawer builds a random graph node by node.
type drawer struct {
	*rapid.T
	g    *ir.Graph
	vals []ir.ValueID // what nodes may read
}

// drawGraph draws a graph of a few nodes, most of which read the one before.
func drawGraph(t *rapid.T) *ir.Graph { return drawBatch(t, 1) }

// drawBatch is drawGraph with an input of several samples.
func drawBatch(t *rapid.T, n int) *ir.Graph {
	d := &drawer{T: t, g: &ir.Graph{}}
	sample := rapid.SampledFrom([][]int{{3, 4, 5}, {4, 5, 3}, {2, 6}, {6}, {1, 5, 5}}).Draw(t, "input")
	shape := append([]int{n}, sample...)
	x := d.g.AddValue(ir.Value{Name: "x", Type: ir.Of(ir.Float32, shape...)})
	d.g.Inputs = []ir.ValueID{x}
	d.vals = []ir.ValueID{x}
	for range rapid.IntRange(1, 12).Draw(t, "steps") {
		draw := rapid.SampledFrom(drawers).Draw(t, "kind")
		draw(d)
	}
	d.g.Outputs = []ir.ValueID{d.vals[len(d.vals)-1]}
	if other := d.pick(); other != d.g.Outputs[0] && d.int(0, 3) == 0 {
		d.g.Outputs = append(d.g.Outputs, other)
	}
	return d.g
}

// pick draws a value, usually the newest.
func (d *drawer) pick() ir.ValueID {
	if d.int(0, 3) > 0 {
		return d.vals[len(d.vals)-1]
	}
	return rapid.SampledFrom(d.vals).Draw(d.T, "value")
}

func (d *drawer) int(from, to int) int { return rapid.IntRange(from, to).Draw(d.T, "int") }

func (d *drawer) bool() bool { return rapid.Bool().Draw(d.T, "bool") }

func (d *drawer) dims(v ir.ValueID) []int { return d.g.Type(v).Shape.Ints() }

// ints draws a list of n numbers.
func (d *drawer) ints(n, from, to int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = d.int(from, to)
	}
	return list
}

// node adds a node if its inputs fit and returns its first output, or else x.
func (d *drawer) node(op ir.Op, x ir.ValueID, in ...ir.ValueID) ir.ValueID {
	outs := 1
	if split, ok := op.(ir.Split); ok {
		outs = split.Parts
	}
	n := ir.Node{Name: fmt.Sprintf("n%d", len(d.g.Nodes)), Op: op, In: append([]ir.ValueID{x}, in...)}
	before := len(d.g.Values)
	for range outs {
		n.Out = append(n.Out, d.g.AddValue(ir.Value{Name: fmt.Sprintf("v%d", len(d.g.Values))}))
	}
	d.g.Nodes = append(d.g.Nodes, n)
	err := d.g.InferNode(len(d.g.Nodes) - 1)
	unwanted := func(v ir.ValueID) bool { return d.g.Type(v).Elems() > 2000 || d.g.Type(v).Elems() == 0 }
	if err != nil || slices.ContainsFunc(n.Out, unwanted) {
		d.g.Nodes = d.g.Nodes[:len(d.g.Nodes)-1]
		d.g.Values = d.g.Values[:before]
		return x
	}
	d.vals = append(d.vals, n.Out...)
	return n.Out[0]
}

func (d *drawer) floats(shape ...int) ir.ValueID {
	n := 1
	for _, s := range shape {
		n *= s
	}
	return d.constant(ir.Floats(noise(uint64(d.int(0, 1000)), n), shape...))
}

func (d *drawer) constant(t *ir.Tensor) ir.ValueID {
	return d.g.AddConst(fmt.Sprintf("c%d", len(d.g.Values)), t)
}

func (d *drawer) scalar(f float32) ir.ValueID { return d.constant(ir.Floats([]float32{f})) }

func (d *drawer) list(v ...int) ir.ValueID { return d.constant(intList(v)) }

// broadcastable draws a shape that broadcasts to, or together with, dims.
func (d *drawer) broadcastable(dims []int) []int {
	shape := slices.Clone(dims)
	for i := range shape {
		if d.int(0, 2) > 0 {
			shape[i] = 1
		}
	}
	return shape[d.int(0, len(shape)):]
}

// window draws a window over n spatial axes.
func (d *drawer) window(n int) ir.Window {
	w := ir.Window{AutoPad: rapid.SampledFrom([]ir.AutoPad{ir.Explicit, ir.Explicit, ir.SameUpper, ir.SameLower, ir.Valid}).Draw(d.T, "pad")}
	if d.bool() {
		w.Strides = d.ints(n, 1, 3)
	}
	if d.bool() {
		w.Pads = d.ints(2*n, 0, 1)
	}
	if d.int(0, 4) == 0 {
		w.Dilations = d.ints(n, 1, 2)
	}
	return w
}

// drawers add one or a few nodes each.
var drawers = []func(d *drawer){
	(*drawer).activation, (*drawer).activation,
	(*drawer).composite,
	(*drawer).conv, (*drawer).conv,
	(*drawer).batchNorm,
	(*drawer).arithmetic, (*drawer).arithmetic, (*drawer).arithmetic,
	(*drawer).pool,
	(*drawer).turn, (*drawer).turn,
	(*drawer).view,
	(*drawer).product,
	(*drawer).reduce,
	(*drawer).pad,
	(*drawer).axes,
	(*drawer).joined,
	(*drawer).padded,
	(*drawer).flattened,
}

func (d *drawer) activation() {
	ops := []ir.Op{
		ir.Relu{},
		ir.Relu{},
		ir.Sigmoid{},
		ir.Tanh{},
		ir.SiLU{},
		ir.HardSwish{},
		ir.Identity{},
		ir.Dropout{},
		ir.HardSigmoid{Alpha: 0.2, Beta: 0.5},
		ir.HardSigmoid{Alpha: 1. / 6, Beta: 0.5},
		ir.LeakyRelu{Alpha: 0.1},
		ir.LeakyRelu{},
		ir.LeakyRelu{Alpha: -0.5},
		ir.Elu{Alpha: 1},
		ir.Elu{Alpha: -1},
		ir.Unary{Fn: ir.Neg},
		ir.Unary{Fn: ir.Abs},
		ir.Unary{Fn: ir.Gelu},
		ir.Unary{Fn: ir.Mish},
		ir.Unary{Fn: ir.Softplus},
		ir.Unary{Fn: ir.Erf},
		ir.ThresholdedRelu{Alpha: 0.5},
		ir.Cast{To: ir.Float32, Stored: "float16"},
	}
	d.node(rapid.SampledFrom(ops).Draw(d.T, "op"), d.pick())
}

// composite draws activations as exporters take them apart.
func (d *drawer) composite() {
	x := d.pick()
	switch d.int(0, 9) {
	case 0:
		d.node(ir.Binary{Fn: ir.Mul}, x, d.node(ir.Sigmoid{}, x))
	case 1:
		d.node(ir.Binary{Fn: ir.Mul}, d.node(ir.HardSigmoid{Alpha: 1. / 6, Beta: 0.5}, x), x)
	case 2:
		d.node(ir.Binary{Fn: ir.Div}, d.node(ir.Binary{Fn: ir.Mul}, x, d.relu6(x)), d.scalar(6))
	case 3:
		d.node(ir.Binary{Fn: ir.Mul}, x, d.node(ir.Binary{Fn: ir.Mul}, d.relu6(x), d.scalar(1./6)))
	case 4:
		bounds := []float32{0, float32(math.Inf(1)), -1, 6, math.MaxFloat32, float32(math.Inf(-1))}
		low, high := rapid.SampledFrom(bounds).Draw(d.T, "low"), rapid.SampledFrom(bounds).Draw(d.T, "high")
		if low <= high {
			d.node(ir.Clip{}, x, d.scalar(low), d.scalar(high))
		}
	case 5:
		d.node(ir.PRelu{}, x, d.floats(d.broadcastable(d.dims(x))...))
	case 6:
		y := d.node(ir.Unary{Fn: ir.Erf}, d.node(ir.Binary{Fn: ir.Div}, x, d.scalar(math.Sqrt2)))
		d.node(ir.Binary{Fn: ir.Mul}, d.node(ir.Binary{Fn: ir.Mul}, x, d.node(ir.Add{}, y, d.scalar(1))), d.scalar(0.5))
	case 7:
		d.node(ir.Binary{Fn: ir.Div}, rapid.SampledFrom([]ir.ValueID{x, d.scalar(1), d.scalar(3)}).Draw(d.T, "over"), d.above(x))
	case 8:
		d.node(ir.Binary{Fn: ir.Pow}, d.above(x), d.scalar(rapid.SampledFrom([]float32{-3, -2, -1, -0.5, 0.5, 1.5}).Draw(d.T, "power")))
	case 9:
		d.node(ir.Binary{Fn: ir.Pow}, d.node(ir.Tanh{}, x), d.scalar(float32(d.int(1, 5))))
	}
}

// above is a value like x that is above 0.
func (d *drawer) above(x ir.ValueID) ir.ValueID {
	return d.node(ir.Add{}, d.node(ir.Unary{Fn: ir.Abs}, x), d.scalar(rapid.SampledFrom([]float32{0.5, 1}).Draw(d.T, "more")))
}

func (d *drawer) relu6(x ir.ValueID) ir.ValueID {
	return d.node(ir.Clip{}, d.node(ir.Add{}, x, d.scalar(3)), d.scalar(0), d.scalar(6))
}

func (d *drawer) conv() {
	x := d.pick()
	dims := d.dims(x)
	if len(dims) < 3 {
		return
	}
	n, group, out := len(dims)-2, 1, d.int(1, 3)
	if d.int(0, 3) == 0 {
		group, out = dims[1], dims[1]*d.int(1, 2)
	}
	w := d.floats(append([]int{out, dims[1] / group}, d.ints(n, 1, 3)...)...)
	in := []ir.ValueID{w}
	if d.bool() {
		in = append(in, d.floats(out))
	}
	d.node(ir.Conv{Window: d.window(n), Group: group}, x, in...)
}

func (d *drawer) batchNorm() {
	x := d.pick()
	if dims := d.dims(x); len(dims) >= 2 {
		variance := noise(uint64(d.int(0, 1000)), dims[1])
		for i := range variance {
			variance[i] = 0.1 + variance[i]*variance[i]
		}
		d.node(ir.BatchNorm{Epsilon: 1e-3}, x, d.floats(dims[1]), d.floats(dims[1]), d.floats(dims[1]),
			d.constant(ir.Floats(variance, dims[1])))
	}
}

// arithmetic draws an operation with a constant, small but for division, or with a value.
func (d *drawer) arithmetic() {
	x := d.pick()
	other := d.floats(d.broadcastable(d.dims(x))...)
	switch d.int(0, 4) {
	case 0:
		other = d.scalar(float32(d.int(0, 1)))
	case 1:
		other = d.pick()
	}
	ops := []ir.Op{ir.Add{}, ir.Add{}, ir.Binary{Fn: ir.Sub}, ir.Binary{Fn: ir.Mul}, ir.Binary{Fn: ir.Max}, ir.Binary{Fn: ir.Min}}
	op := rapid.SampledFrom(ops).Draw(d.T, "op")
	if d.int(0, 5) == 0 {
		op, other = ir.Binary{Fn: ir.Div}, d.scalar(rapid.SampledFrom([]float32{1, -0.5, 6}).Draw(d.T, "divisor"))
	} else if d.bool() {
		x, other = other, x
	}
	d.node(op, x, other)
}

func (d *drawer) pool() {
	x := d.pick()
	n := len(d.dims(x)) - 2
	if n < 1 {
		return
	}
	w, kernel := d.window(n), d.ints(n, 1, 3)
	if d.int(0, 3) == 0 {
		kernel, w = d.dims(x)[2:], ir.Window{}
	}
	w.Ceil = d.bool()
	ops := []ir.Op{
		ir.MaxPool{Kernel: kernel, Window: w},
		ir.MaxPool{Kernel: kernel, Window: w},
		ir.AveragePool{Kernel: kernel, Window: w, CountPad: d.bool()},
		ir.GlobalAveragePool{},
		ir.GlobalMaxPool{},
	}
	d.node(rapid.SampledFrom(ops).Draw(d.T, "op"), x)
}

// turn draws a transposition, usually between the two layouts.
func (d *drawer) turn() {
	perms := [][]int{{0, 2, 3, 1}, {0, 3, 1, 2}, {0, 2, 3, 1}, {0, 3, 1, 2}, {0, 2, 1}, {1, 0}, {0, 1, 3, 2}, nil}
	d.node(ir.Transpose{Perm: rapid.SampledFrom(perms).Draw(d.T, "perm")}, d.pick())
}

func (d *drawer) view() {
	x := d.pick()
	rank := len(d.dims(x))
	switch d.int(0, 5) {
	case 0:
		d.node(ir.Flatten{Axis: d.int(0, rank)}, x)
	case 1:
		d.node(ir.Flatten{Axis: 1}, x)
	case 2:
		d.node(ir.Reshape{}, x, d.list(0, -1))
	case 3:
		d.node(ir.Squeeze{}, x)
	case 4:
		d.node(ir.Unsqueeze{}, x, d.list(d.int(0, rank)))
	case 5:
		if rank > 0 {
			d.node(ir.Reshape{}, x, d.list(d.dims(x)[0], -1))
		}
	}
}

func (d *drawer) product() {
	x := d.pick()
	dims := d.dims(x)
	if len(dims) == 0 {
		return
	}
	k, n := dims[len(dims)-1], d.int(1, 3)
	if d.bool() {
		d.node(ir.MatMul{}, x, d.floats(k, n))
		return
	}
	if len(dims) > 1 && d.int(0, 3) == 0 {
		d.node(ir.MatMul{}, d.floats(n, dims[len(dims)-2]), x)
		return
	}
	op := ir.Gemm{
		Alpha: float32(d.int(1, 2)), Beta: float32(d.int(0, 2)), TransA: d.int(0, 4) == 0, TransB: d.bool(),
	}
	if op.TransA {
		k = dims[0]
	}
	w := d.floats(k, n)
	if op.TransB {
		w = d.floats(n, k)
	}
	if d.bool() {
		d.node(op, x, w, d.floats(d.broadcastable([]int{1, n})...))
		return
	}
	d.node(op, x, w)
}

func (d *drawer) reduce() {
	x := d.pick()
	op := ir.Reduce{Fn: ir.ReduceFn(d.int(0, int(ir.SumSquare))), KeepDims: d.bool()}
	axes := [][]int{{1}, {-1}, {2, 3}, {1, 2}, {2}, {0, 1}}
	d.node(op, x, d.list(rapid.SampledFrom(axes).Draw(d.T, "axes")...))
}

func (d *drawer) pad() {
	x := d.pick()
	rank := len(d.dims(x))
	pads := d.ints(2*rank, 0, 1)
	if d.bool() {
		for i := range pads {
			if i%rank < 2 {
				pads[i] = 0
			}
		}
	}
	if d.int(0, 4) == 0 && len(pads) > 0 {
		pads[d.int(0, len(pads)-1)] = -1
	}
	mode := rapid.SampledFrom([]ir.PadMode{ir.PadConstant, ir.PadConstant, ir.PadConstant, ir.PadReflect, ir.PadEdge}).Draw(d.T, "mode")
	if d.bool() {
		d.node(ir.Pad{Mode: mode}, x, d.list(pads...))
		return
	}
	fill := rapid.SampledFrom([]float32{0, 0, 1}).Draw(d.T, "fill")
	d.node(ir.Pad{Mode: mode}, x, d.list(pads...), d.scalar(fill))
}

// padded draws zeros around the spatial axes and a window over the result.
func (d *drawer) padded() {
	x := d.pick()
	n := len(d.dims(x)) - 2
	if n < 1 {
		return
	}
	if d.bool() {
		x = d.node(ir.Relu{}, x)
	}
	zeros := make([]int, 2)
	p := d.node(ir.Pad{}, x, d.list(slices.Concat(zeros, d.ints(n, 0, 1), zeros, d.ints(n, 0, 1))...))
	kernel := d.ints(n, 1, 3)
	switch d.int(0, 2) {
	case 0:
		d.node(ir.MaxPool{Kernel: kernel, Window: d.window(n)}, p)
	case 1:
		d.node(ir.AveragePool{Kernel: kernel, Window: d.window(n), CountPad: d.bool()}, p)
	case 2:
		d.node(ir.Conv{Window: d.window(n), Group: 1}, p, d.floats(append([]int{2, d.dims(p)[1]}, kernel...)...))
	}
}

// flattened draws a matrix product of the elements channels last.
func (d *drawer) flattened() {
	x := d.pick()
	if len(d.dims(x)) == 4 {
		f := d.node(ir.Flatten{Axis: 1}, d.node(ir.Transpose{Perm: []int{0, 2, 3, 1}}, x))
		d.node(ir.MatMul{}, f, d.floats(d.dims(f)[1], 2))
	}
}

// axes draws an operator that works along an axis.
func (d *drawer) axes() {
	x := d.pick()
	rank := len(d.dims(x))
	if rank == 0 {
		return
	}
	axis := d.int(-rank, rank-1)
	switch d.int(0, 5) {
	case 0:
		d.node(ir.Softmax{Axis: axis, Flatten: d.bool()}, x)
	case 1:
		d.node(ir.LogSoftmax{Axis: axis}, x)
	case 2:
		step := rapid.SampledFrom([]int{1, 1, 2, -1}).Draw(d.T, "step")
		start, end := 0, 1000
		if step < 0 {
			start, end = -1, -1000
		}
		d.node(ir.Slice{}, x, d.list(start+d.int(0, 1)), d.list(end), d.list(axis), d.list(step))
	case 3:
		d.node(ir.Split{Axis: axis, Parts: d.int(1, 2)}, x)
	case 4:
		d.node(ir.Slice{}, x, d.list(d.int(0, 1)), d.list(1000))
	case 5:
		d.node(ir.Tile{}, x, d.list(d.ints(rank, 1, 2)...))
	}
}

// joined draws a Concat of values or constants.
func (d *drawer) joined() {
	x := d.pick()
	dims := slices.Clone(d.dims(x))
	if len(dims) == 0 {
		return
	}
	axis := d.int(0, len(dims)-1)
	other := d.pick()
	if d.bool() {
		dims[axis] = d.int(1, 2)
		other = d.floats(dims...)
	}
	d.node(ir.Concat{Axis: axis}, x, other)
}
