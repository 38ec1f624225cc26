package snntest

import (
	"strconv"

	"pgregory.net/rapid"

	"ann2snn/snn"
)

// builder adds layers to a network.
type builder struct {
	t    *rapid.T
	spec Spec
	net  *snn.Network
}

func (b *builder) input() {
	l := snn.Layer{Name: "input", Shape: snn.Shape{H: b.int("height", 1, 5), W: b.int("width", 1, 5), C: b.int("channels", 1, 4)}}
	op := snn.Input{ChannelsFirst: rapid.Bool().Draw(b.t, "channels first")}
	if b.spec.Integer {
		op.Levels = 31
		if !b.spec.Plain && b.int("quantised input", 0, 3) == 0 {
			op.Quantised, op.Low = true, -int32(b.int("lowest level of the input", 0, 40))
		}
		l.Scale = []float32{1. / 16}
		if rapid.Bool().Draw(b.t, "scale per channel") {
			l.Scale = powers(b.t, "scale", l.Shape.C, -6, -3)
		}
	}
	l.Op = op
	b.net.Layers = append(b.net.Layers, l)
}

// layer adds a layer of a random kind; sums of products read spikes or the input only,
// so that numbers stay small.
func (b *builder) layer() {
	from := b.int("from", 0, len(b.net.Layers)-1)
	add := []func(int){b.sum, b.gather, b.concat, b.maxPool}
	if b.exactInput(from) {
		add = []func(int){b.conv, b.conv, b.conv, b.dense, b.sum, b.sumPool, b.maxPool, b.gather, b.concat, b.residual, b.product}
	}
	rapid.SampledFrom(add).Draw(b.t, "operator")(from)
}

func (b *builder) exactInput(i int) bool {
	l := &b.net.Layers[i]
	if l.Neuron != nil || i == 0 {
		return true
	}
	switch l.Op.(type) {
	case snn.MaxPool, snn.Gather:
		return b.exactInput(l.In[0])
	}
	return false
}

// most returns the largest level of a layer of which exactInput says yes.
func (b *builder) most(i int) int64 {
	switch l := &b.net.Layers[i]; {
	case l.Neuron != nil:
		return int64(l.Neuron.Format.Max())
	case i == 0:
		return 32
	default:
		return b.most(l.In[0])
	}
}

func (b *builder) int(label string, least, most int) int {
	return rapid.IntRange(least, most).Draw(b.t, label)
}

func (b *builder) shape(i int) snn.Shape { return b.net.Layers[i].Shape }

// window draws a window that fits a map.
func (b *builder) window(in snn.Shape) (snn.Window, int, int) {
	var w snn.Window
	for axis, n := range []int{in.H, in.W} {
		w.Kernel[axis] = b.int("kernel", 1, min(3, n))
		w.Stride[axis] = b.int("stride", 1, 2)
		w.Dilation[axis] = 1
		if room := n - 1; w.Kernel[axis] > 1 && room/(w.Kernel[axis]-1) > 1 {
			w.Dilation[axis] = b.int("dilation", 1, 2)
		}
		w.Pad[axis] = b.int("pad", 0, w.Kernel[axis]-1)
		w.Pad[axis+2] = b.int("pad", 0, w.Kernel[axis]-1)
	}
	h, wide := w.Out(in)
	return w, h, wide
}

func (b *builder) conv(from int) {
	in := b.shape(from)
	w, h, wide := b.window(in)
	groups := 1
	if rapid.Bool().Draw(b.t, "grouped") {
		groups = rapid.SampledFrom(divisors(in.C)).Draw(b.t, "groups")
	}
	out := groups * b.int("outputs", 1, 3)
	fan := w.Kernel[0] * w.Kernel[1] * in.C / groups
	b.weighted("conv", from, snn.Shape{H: h, W: wide, C: out}, snn.Conv{Window: w, Groups: groups, W: b.weights(fan, out)})
}

// residual adds a convolution without neurons and a Sum of it with neurons, as residual
// networks have them: the other term is what the convolution reads, or another one.
func (b *builder) residual(from int) {
	s := b.shape(from)
	current := func(kernel int) int {
		w := snn.Window{Kernel: [2]int{kernel, kernel}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}}
		w.Pad = [4]int{kernel / 2, kernel / 2, kernel / 2, kernel / 2}
		l := snn.Layer{In: []int{from}, Shape: s, Op: snn.Conv{Window: w, Groups: 1, W: b.weights(kernel*kernel*s.C, s.C)}}
		if b.spec.Integer {
			l.Unit = powers(b.t, "unit", s.C, -6, -3)
		}
		b.add("conv", l)
		return len(b.net.Layers) - 1
	}
	inputs := []int{current(3), from}
	if rapid.Bool().Draw(b.t, "projection") {
		inputs[1] = current(1)
	}
	l := snn.Layer{In: inputs, Shape: s, Op: b.sumOf(inputs, s, []int{1, s.C})}
	if b.spec.Integer {
		l.Unit = powers(b.t, "unit", s.C, -6, -3)
	}
	b.neurons(&l)
	b.add("sum", l)
}

func divisors(n int) []int {
	var d []int
	for k := 1; k <= n; k++ {
		if n%k == 0 {
			d = append(d, k)
		}
	}
	return d
}

func (b *builder) dense(from int) {
	out := b.int("outputs", 1, 5)
	b.weighted("dense", from, snn.Shape{H: 1, W: 1, C: out}, snn.Dense{W: b.weights(b.shape(from).Len(), out)})
}

func (b *builder) weights(fan, out int) snn.Weights {
	if b.spec.Integer {
		return snn.Weights{
			Q:       narrow[int8](ints(b.t, "weights", fan*out, -127, 127)),
			IntBias: narrow[int32](ints(b.t, "biases", out, -500, 500)),
		}
	}
	return snn.Weights{F: dyadic(b.t, "weights", fan*out, 8, 8), Bias: dyadic(b.t, "biases", out, 16, 8)}
}

func (b *builder) sum(from int) {
	inputs := []int{from}
	for i := range b.net.Layers {
		if b.shape(i) == b.shape(from) && len(inputs) < 3 && rapid.Bool().Draw(b.t, "add") {
			inputs = append(inputs, i)
		}
	}
	s := b.shape(from)
	b.weightedIn("sum", inputs, s, b.sumOf(inputs, s, []int{1, s.C, s.Len()}))
}

// sumOf draws a Sum of some inputs, with one of the given numbers of factors for each.
func (b *builder) sumOf(inputs []int, s snn.Shape, factors []int) snn.Sum {
	var op snn.Sum
	for range inputs {
		n := rapid.SampledFrom(factors).Draw(b.t, "factors")
		if b.spec.Integer {
			op.Mult = append(op.Mult, narrow[int32](ints(b.t, "mult", n, -9, 9)))
		} else {
			op.Factors = append(op.Factors, dyadic(b.t, "scale", n, 4, 2))
		}
	}
	if rapid.Bool().Draw(b.t, "biased") {
		if b.spec.Integer {
			op.IntBias = narrow[int32](ints(b.t, "biases", s.C, -50, 50))
		} else {
			op.Bias = dyadic(b.t, "biases", s.C, 16, 8)
		}
	}
	return op
}

// product multiplies a layer by itself or by another one, as a map by a gate: either may be
// broadcast over the other. Products that float32 might round are left out.
func (b *builder) product(from int) {
	const most = 1 << 18
	var others []int
	for i := range b.net.Layers {
		if s := b.net.SumOverSteps(1); b.exactInput(i) && meet(b.shape(from), b.shape(i)) && s*s*b.most(from)*b.most(i) <= most {
			others = append(others, i)
		}
	}
	if len(others) == 0 {
		return
	}
	in := []int{from, rapid.SampledFrom(others).Draw(b.t, "factor")}
	if rapid.Bool().Draw(b.t, "exchanged") {
		in[0], in[1] = in[1], in[0]
	}
	x, y := b.shape(in[0]), b.shape(in[1])
	s := snn.Shape{H: max(x.H, y.H), W: max(x.W, y.W), C: max(x.C, y.C)}
	var op snn.Product
	if b.spec.Integer {
		op.Parts = int32(b.int("parts", 1, 3))
		for range b.spec.Steps - 1 {
			op.Parts *= int32(b.spec.Rho)
		}
	} else {
		op.Factor = powers(b.t, "factor", rapid.SampledFrom([]int{1, s.C, s.Len()}).Draw(b.t, "factors"), -4, 0)
	}
	b.weightedIn("product", in, s, op)
}

// meet reports whether maps have the same extents, or one of them 1, along every axis.
func meet(a, b snn.Shape) bool {
	fits := func(x, y int) bool { return x == y || x == 1 || y == 1 }
	return fits(a.H, b.H) && fits(a.W, b.W) && fits(a.C, b.C)
}

func (b *builder) weighted(name string, from int, s snn.Shape, op snn.Op) {
	b.weightedIn(name, []int{from}, s, op)
}

// weightedIn adds a layer that computes a current, most often with neurons.
func (b *builder) weightedIn(name string, in []int, s snn.Shape, op snn.Op) {
	l := snn.Layer{In: in, Shape: s, Op: op}
	if b.spec.Integer {
		l.Unit = powers(b.t, "unit", s.C, -6, -3)
	}
	if b.int("neurons", 0, 3) > 0 {
		b.neurons(&l)
	}
	b.add(name, l)
}

func (b *builder) sumPool(from int) {
	w, h, wide := b.window(b.shape(from))
	l := b.moved(from, snn.Shape{H: h, W: wide, C: b.shape(from).C}, snn.SumPool{Window: w})
	l.Scale = powers(b.t, "scale", rapid.SampledFrom([]int{1, l.Shape.C, l.Shape.Len()}).Draw(b.t, "scales"), -4, 0)
	b.add("sumpool", l)
}

func (b *builder) maxPool(from int) {
	if len(b.net.Layers[from].LevelValue()) > b.shape(from).C {
		return
	}
	w, h, wide := b.window(b.shape(from))
	for axis, n := range [][2]int{{b.shape(from).H, h}, {b.shape(from).W, wide}} {
		if (n[1]-1)*w.Stride[axis]-w.Pad[axis] >= n[0] { // a window of padding only
			return
		}
	}
	b.add("maxpool", b.moved(from, snn.Shape{H: h, W: wide, C: b.shape(from).C}, snn.MaxPool{Window: w}))
}

func (b *builder) concat(from int) {
	inputs, channels := []int{from}, b.shape(from).C
	for i := range b.net.Layers {
		s := b.shape(i)
		if s.H == b.shape(from).H && s.W == b.shape(from).W && len(inputs) < 3 && rapid.Bool().Draw(b.t, "join") {
			inputs, channels = append(inputs, i), channels+s.C
		}
	}
	l := snn.Layer{In: inputs, Op: snn.Concat{}, Shape: b.shape(from)}
	l.Shape.C = channels
	pixels := 1
	for _, i := range inputs {
		if len(b.net.Layers[i].LevelValue()) > b.shape(i).C {
			pixels = l.Shape.H * l.Shape.W
		}
	}
	for p := range pixels {
		for _, i := range inputs {
			for c := range b.shape(i).C {
				l.Scale = append(l.Scale, b.levelValue(i, p*b.shape(i).C+c))
			}
		}
	}
	b.add("concat", l)
}

func (b *builder) gather(from int) {
	s := snn.Shape{H: b.int("height", 1, 3), W: b.int("width", 1, 3), C: b.int("channels", 1, 3)}
	index := narrow[int32](ints(b.t, "index", s.Len(), -1, b.shape(from).Len()-1))
	l := snn.Layer{In: []int{from}, Op: snn.Gather{Index: index}, Shape: s}
	for _, i := range index {
		l.Scale = append(l.Scale, b.levelValue(from, max(0, int(i))))
	}
	b.add("gather", l)
}

// moved returns a layer that keeps the value of its input's levels.
func (b *builder) moved(from int, s snn.Shape, op snn.Op) snn.Layer {
	return snn.Layer{In: []int{from}, Shape: s, Op: op, Scale: b.net.Layers[from].LevelValue()}
}

func (b *builder) levelValue(layer, i int) float32 {
	values := b.net.Layers[layer].LevelValue()
	if len(values) == 0 {
		return 1
	}
	return values[i%len(values)]
}

func (b *builder) add(name string, l snn.Layer) {
	l.Name = name + strconv.Itoa(len(b.net.Layers))
	b.net.Layers = append(b.net.Layers, l)
}
