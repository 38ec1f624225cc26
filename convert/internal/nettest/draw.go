package nettest

import (
	"slices"
	"strconv"

	"pgregory.net/rapid"

	"ann2snn/ir"
)

// drawer draws networks in which every rule can come up. Numbers are small dyadic
// fractions; where exact is set, so are the results of every operator, in float32.
type drawer struct {
	t      *rapid.T
	g      *ir.Graph
	values []ir.ValueID // to build on, the latest last
	exact  bool
}

// Draw draws a network of one input and one output.
func Draw(t *rapid.T, exact bool) *ir.Graph {
	d := &drawer{t: t, g: &ir.Graph{}, exact: exact}
	dims := []int{1, d.int("channels", 1, 4), d.int("height", 1, 6), d.int("width", 1, 6)}
	if rapid.IntRange(0, 4).Draw(t, "vector") == 0 {
		dims = []int{1, d.int("features", 1, 6)}
	}
	id := d.g.AddValue(ir.Value{Name: "x", Type: ir.Of(ir.Float32, dims...)})
	d.g.Inputs, d.values = []ir.ValueID{id}, []ir.ValueID{id}
	for range d.int("operators", 2, 9) {
		d.operator()
	}
	if last := d.values[len(d.values)-1]; !exact && len(d.dims(last)) == 2 && rapid.Bool().Draw(t, "host") {
		d.node(rapid.SampledFrom([]ir.Op{ir.Softmax{Axis: 1}, ir.LogSoftmax{Axis: -1}, ir.Sigmoid{}}).Draw(t, "host operator"), last)
	}
	d.g.Outputs = []ir.ValueID{d.values[len(d.values)-1]}
	return d.g
}

func (d *drawer) int(label string, least, most int) int {
	return rapid.IntRange(least, most).Draw(d.t, label)
}

// operator adds an operator to the latest value, or now and then to an earlier one.
func (d *drawer) operator() {
	x := d.values[len(d.values)-1]
	if d.int("earlier", 0, 5) == 0 {
		x = rapid.SampledFrom(d.values).Draw(d.t, "from")
	}
	choices := []func(ir.ValueID){d.activation, d.activation, d.activation, d.affine, d.add, d.slice, d.concat, d.flatten, d.pass, d.pick, d.multiply}
	if len(d.dims(x)) == 4 {
		choices = append(choices, d.conv, d.conv, d.conv, d.conv, d.norm, d.maxPool, d.averagePool, d.global, d.pad, d.shuffle, d.turn, d.mean)
	} else {
		choices = append(choices, d.gemm, d.gemm, d.gemm, d.unflatten)
	}
	rapid.SampledFrom(choices).Draw(d.t, "operator")(x)
}

func (d *drawer) dims(id ir.ValueID) []int { return d.g.Type(id).Shape.Ints() }

// node adds a node of one output, unless its types do not fit.
func (d *drawer) node(op ir.Op, in ...ir.ValueID) ir.ValueID {
	name := "n" + strconv.Itoa(len(d.g.Nodes))
	id := d.g.AddValue(ir.Value{Name: name + "_out"})
	d.g.Nodes = append(d.g.Nodes, ir.Node{Name: name, Op: op, In: in, Out: []ir.ValueID{id}})
	if err := d.g.InferNode(len(d.g.Nodes) - 1); err != nil {
		d.t.Fatalf("the drawn graph is wrong: %v", err)
	}
	d.values = append(d.values, id)
	return id
}

// numbers draws a constant of quarters from -1 to 1.
func (d *drawer) numbers(dims ...int) ir.ValueID {
	v := rapid.SliceOfN(rapid.IntRange(-4, 4), product(dims), product(dims)).Draw(d.t, "numbers")
	f := make([]float32, len(v))
	for i, n := range v {
		f[i] = float32(n) / 4
	}
	return d.constant(ir.Floats(f, dims...))
}

// weights draws a constant of quarters from -1 to 1, but none of 0.
func (d *drawer) weights(dims ...int) ir.ValueID {
	quarter := rapid.SampledFrom([]float32{1, 0.75, 0.5, 0.25, -0.25, -0.5, -0.75, -1})
	return d.constant(ir.Floats(rapid.SliceOfN(quarter, product(dims), product(dims)).Draw(d.t, "weights"), dims...))
}

// powers draws a constant of 1/2, 1 and 2.
func (d *drawer) powers(dims ...int) ir.ValueID {
	f := make([]float32, product(dims))
	for i := range f {
		f[i] = rapid.SampledFrom([]float32{0.5, 1, 2}).Draw(d.t, "power")
	}
	return d.constant(ir.Floats(f, dims...))
}

func (d *drawer) constant(t *ir.Tensor) ir.ValueID {
	return d.g.AddConst("c"+strconv.Itoa(len(d.g.Values)), t)
}

func (d *drawer) ints(list ...int) ir.ValueID {
	numbers := make([]int64, len(list))
	for i, x := range list {
		numbers[i] = int64(x)
	}
	return d.constant(ir.Ints(numbers, len(list)))
}

func (d *drawer) activation(x ir.ValueID) {
	acts := []ir.Op{ir.Relu{}, ir.Relu{}, ir.Relu{}, ir.LeakyRelu{Alpha: 0.25}, ir.HardSigmoid{Alpha: 0.25, Beta: 0.5}, ir.Clip{}, ir.PRelu{}}
	if !d.exact {
		acts = append(acts, ir.Sigmoid{}, ir.Tanh{}, ir.SiLU{}, ir.HardSwish{}, ir.Elu{Alpha: 0.5}, ir.ThresholdedRelu{Alpha: 0.5}, ir.FakeQuant{Low: -1 << 24, High: 1 << 24})
		for _, fn := range []ir.UnaryFn{ir.Gelu, ir.GeluTanh, ir.Mish, ir.Softplus, ir.Softsign, ir.Abs, ir.Erf} {
			acts = append(acts, ir.Unary{Fn: fn})
		}
	}
	op := rapid.SampledFrom(acts).Draw(d.t, "activation")
	in := []ir.ValueID{x}
	switch op.(type) {
	case ir.FakeQuant: // so fine that it hardly rounds
		in = append(in, d.constant(ir.Floats([]float32{0x1p-21})))
	case ir.Clip:
		low := rapid.SampledFrom([]float32{-1, 0, 0.25}).Draw(d.t, "low")
		in = append(in, d.constant(ir.Floats([]float32{low})), d.constant(ir.Floats([]float32{3})))
	case ir.PRelu:
		slope := make([]int, len(d.dims(x))-1)
		for i := range slope {
			slope[i] = 1
		}
		slope[0] = d.dims(x)[1]
		in = append(in, d.numbers(slope...))
	}
	d.node(op, in...)
}

// affine multiplies by, adds or subtracts a constant of some broadcastable shape.
func (d *drawer) affine(x ir.ValueID) {
	shape := slices.Clone(d.dims(x))
	for i := range shape {
		if rapid.Bool().Draw(d.t, "single") {
			shape[i] = 1
		}
	}
	switch d.int("affine", 0, 4) {
	case 0:
		d.node(ir.Binary{Fn: ir.Mul}, d.numbers(shape...), x)
	case 1:
		d.node(ir.Binary{Fn: ir.Div}, x, d.powers(shape...))
	case 2:
		d.node(ir.Add{}, x, d.numbers(shape...))
	case 3:
		d.node(ir.Binary{Fn: ir.Sub}, d.numbers(shape...), x)
	case 4:
		d.node(ir.Unary{Fn: ir.Neg}, x)
	}
}

// add adds or subtracts a value of the same dims.
func (d *drawer) add(x ir.ValueID) {
	var same []ir.ValueID
	for _, v := range d.values {
		if slices.Equal(d.dims(v), d.dims(x)) {
			same = append(same, v)
		}
	}
	y := rapid.SampledFrom(same).Draw(d.t, "other")
	d.node(rapid.SampledFrom([]ir.Op{ir.Add{}, ir.Binary{Fn: ir.Sub}}).Draw(d.t, "sum"), x, y)
}

// multiply multiplies a value by another one of as many axes, either broadcast over the other:
// by a gate that is made of it, by itself, or by any that fits.
func (d *drawer) multiply(x ir.ValueID) {
	if dims := d.dims(x); len(dims) == 4 && rapid.Bool().Draw(d.t, "gate") {
		pooled := d.node(ir.GlobalMaxPool{}, x)
		gate := d.node(ir.HardSigmoid{Alpha: 0.25, Beta: 0.5}, pooled)
		d.node(ir.Binary{Fn: ir.Mul}, x, gate)
		return
	}
	var fit []ir.ValueID
	for _, v := range d.values {
		if meet(d.dims(v), d.dims(x)) {
			fit = append(fit, v)
		}
	}
	d.node(ir.Binary{Fn: ir.Mul}, rapid.SampledFrom(fit).Draw(d.t, "factor"), x)
}

// meet reports whether dims are equal, or one of them 1, along every axis.
func meet(a, b []int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] && a[i] != 1 && b[i] != 1 {
			return false
		}
	}
	return true
}

// concat joins a value to itself or another that differs along the axis at most.
func (d *drawer) concat(x ir.ValueID) {
	axis := d.int("axis", 1, len(d.dims(x))-1)
	if product(d.dims(x)) > 300 {
		return
	}
	var fit []ir.ValueID
	for _, v := range d.values {
		dims := slices.Clone(d.dims(v))
		if len(dims) == len(d.dims(x)) {
			dims[axis] = d.dims(x)[axis]
			if slices.Equal(dims, d.dims(x)) {
				fit = append(fit, v)
			}
		}
	}
	d.node(ir.Concat{Axis: axis}, x, rapid.SampledFrom(fit).Draw(d.t, "other"))
}

func (d *drawer) slice(x ir.ValueID) {
	axis := d.int("axis", 1, len(d.dims(x))-1)
	n := d.dims(x)[axis]
	start := d.int("start", 0, n-1)
	d.node(ir.Slice{}, x, d.ints(start), d.ints(d.int("end", start+1, n)), d.ints(axis), d.ints(d.int("step", 1, 2)))
}

// pass hands a value on, by way of another rank where it can.
func (d *drawer) pass(x ir.ValueID) {
	switch d.int("pass", 0, 2) {
	case 0:
		d.node(ir.Identity{}, x)
	case 1:
		d.node(ir.Dropout{}, x)
	case 2:
		wide := d.node(ir.Unsqueeze{}, x, d.ints(0))
		d.values = d.values[:len(d.values)-1]
		d.node(ir.Squeeze{}, wide, d.ints(0))
	}
}

// pick takes some channels, in any order and perhaps several times.
func (d *drawer) pick(x ir.ValueID) {
	n := d.dims(x)[1]
	switch d.int("pick", 0, 4) {
	case 0:
		order := rapid.SliceOfN(rapid.IntRange(0, n-1), 1, 4).Draw(d.t, "channels")
		d.node(ir.Gather{Axis: 1}, x, d.ints(order...))
	case 1:
		if n > 1 {
			d.node(ir.Split{Axis: 1, Parts: 2}, x)
		}
	case 2:
		dims := slices.Clone(d.dims(x))
		if n == 1 {
			dims[1] = 3
		}
		d.node(ir.Expand{}, x, d.ints(dims...))
	case 3:
		repeats := slices.Repeat([]int{1}, len(d.dims(x)))
		repeats[d.int("axis", 1, len(repeats)-1)] = 2
		d.node(ir.Tile{}, x, d.ints(repeats...))
	case 4:
		dims := slices.Clone(d.dims(x))
		last := len(dims) - 1
		order := make([]int64, product(dims))
		for i := range order {
			order[i] = int64((i*5 + i/3) % dims[last])
		}
		d.node(ir.GatherElements{Axis: -1}, x, d.constant(ir.Ints(order, dims...)))
	}
}

func (d *drawer) flatten(x ir.ValueID) { d.node(ir.Flatten{Axis: 1}, x) }

func (d *drawer) unflatten(x ir.ValueID) {
	n := d.dims(x)[1]
	if n%2 == 0 {
		d.node(ir.Reshape{}, x, d.ints(1, 2, 1, n/2))
	}
}

func (d *drawer) gemm(x ir.ValueID) {
	in, out := d.dims(x)[1], d.int("outputs", 1, 5)
	if rapid.Bool().Draw(d.t, "MatMul") {
		d.node(ir.MatMul{}, x, d.weights(in, out))
		return
	}
	d.node(ir.Gemm{Alpha: 1, Beta: 1, TransB: true}, x, d.weights(out, in), d.numbers(out))
}

// Window draws a window for the positions of a map.
func (d *drawer) window(x ir.ValueID, most int) ([]int, ir.Window) {
	dims := d.dims(x)
	kernel := make([]int, 2)
	w := ir.Window{Strides: make([]int, 2), Dilations: []int{1, 1}, Pads: make([]int, 4)}
	for i := range kernel {
		kernel[i] = d.int("kernel", 1, min(most, dims[2+i]))
		w.Strides[i] = d.int("stride", 1, 2)
		w.Pads[i], w.Pads[2+i] = d.int("pad", 0, kernel[i]-1), d.int("pad", 0, kernel[i]-1)
	}
	return kernel, w
}

func (d *drawer) conv(x ir.ValueID) {
	channels := d.dims(x)[1]
	groups := 1
	if rapid.Bool().Draw(d.t, "depthwise") {
		groups = channels
	}
	out := groups * d.int("outputs", 1, max(1, 4/groups))
	kernel, w := d.window(x, 3)
	d.node(ir.Conv{Window: w, Group: groups}, x, d.weights(out, channels/groups, kernel[0], kernel[1]), d.numbers(out))
}

func (d *drawer) maxPool(x ir.ValueID) {
	kernel, w := d.window(x, 3)
	w.Ceil = rapid.Bool().Draw(d.t, "ceil")
	d.node(ir.MaxPool{Kernel: kernel, Window: w}, x)
}

func (d *drawer) averagePool(x ir.ValueID) {
	kernel, w := d.window(x, 3)
	op := ir.AveragePool{Kernel: kernel, Window: w, CountPad: rapid.Bool().Draw(d.t, "count padding")}
	if d.exact {
		if kernel[0]*kernel[1]%3 == 0 {
			return
		}
		op.Window.Pads = make([]int, 4)
	} else {
		op.Window.Ceil = rapid.Bool().Draw(d.t, "ceil")
	}
	d.node(op, x)
}

func (d *drawer) global(x ir.ValueID) {
	if rapid.Bool().Draw(d.t, "maximum") {
		d.node(ir.GlobalMaxPool{}, x)
	} else if !d.exact || d.dims(x)[2]*d.dims(x)[3] == 4 {
		d.node(ir.GlobalAveragePool{}, x)
	}
}

// mean folds some axes.
func (d *drawer) mean(x ir.ValueID) {
	axes := rapid.SampledFrom([][]int{{1}, {2, 3}, {3}, {1, 2}}).Draw(d.t, "axes")
	op := ir.Reduce{Fn: ir.Sum, KeepDims: true}
	if !d.exact {
		op.Fn = ir.Mean
	}
	d.node(op, x, d.ints(axes...))
}

func (d *drawer) norm(x ir.ValueID) {
	c := d.dims(x)[1]
	variance := d.constant(ir.Floats(slices.Repeat([]float32{4}, c), c))
	d.node(ir.BatchNorm{}, x, d.powers(c), d.numbers(c), d.numbers(c), variance)
}

func (d *drawer) pad(x ir.ValueID) {
	d.node(ir.Pad{}, x, d.ints(0, d.int("pad", 0, 1), 1, 0, 0, 0, 0, d.int("pad", 0, 1)))
}

// shuffle swaps groups of channels.
func (d *drawer) shuffle(x ir.ValueID) {
	s := d.dims(x)
	if s[1]%2 != 0 {
		return
	}
	split := d.node(ir.Reshape{}, x, d.ints(1, 2, s[1]/2, s[2], s[3]))
	turned := d.node(ir.Transpose{Perm: []int{0, 2, 1, 3, 4}}, split)
	d.values = d.values[:len(d.values)-2] // they have 5 axes
	d.node(ir.Reshape{}, turned, d.ints(s...))
}

// turn exchanges axes of a map.
func (d *drawer) turn(x ir.ValueID) {
	d.node(ir.Transpose{Perm: []int{0, 3, 1, 2}}, x)
}

// Sample draws an input of eighths from -2 to 2.
func Sample(t *rapid.T, g *ir.Graph) []float32 {
	n := g.Type(g.Inputs[0]).Elems()
	v := rapid.SliceOfN(rapid.IntRange(-16, 16), n, n).Draw(t, "sample")
	in := make([]float32, n)
	for i, x := range v {
		in[i] = float32(x) / 8
	}
	return in
}

func product(dims []int) int {
	n := 1
	for _, d := range dims {
		n *= d
	}
	return n
}
