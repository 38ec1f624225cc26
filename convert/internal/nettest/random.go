package nettest

import (
	"fmt"
	"math"
	"math/rand/v2"

	"ann2snn/ir"
)

// Random builds a network of random weights, layer by layer: what networks of their
// architecture have before training, from which accuracy cannot be told, but errors can.
type Random struct {
	T T
	G *ir.Graph

	last ir.ValueID
	rand *rand.Rand
}

// NewRandom begins a network with an input of some shape.
func NewRandom(t T, seed uint64, dims ...int) *Random {
	r := &Random{T: t, G: &ir.Graph{}, rand: rand.New(rand.NewPCG(seed, 1))}
	r.last = r.G.AddValue(ir.Value{Name: "x", Type: ir.Of(ir.Float32, dims...)})
	r.G.Inputs = []ir.ValueID{r.last}
	return r
}

// Dims is the shape of the latest value.
func (r *Random) Dims() []int { return r.G.Type(r.last).Shape.Ints() }

// Node adds an operator on the latest value and on constants.
func (r *Random) Node(op ir.Op, constants ...*ir.Tensor) *Random {
	in := []ir.ValueID{r.last}
	for _, c := range constants {
		in = append(in, r.G.AddConst(fmt.Sprintf("c%d", len(r.G.Values)), c))
	}
	return r.on(op, in...)
}

// on adds an operator on some values.
func (r *Random) on(op ir.Op, in ...ir.ValueID) *Random {
	name := fmt.Sprintf("n%d", len(r.G.Nodes))
	r.last = r.G.AddValue(ir.Value{Name: name + "_out"})
	r.G.Nodes = append(r.G.Nodes, ir.Node{Name: name, Op: op, In: in, Out: []ir.ValueID{r.last}})
	if err := r.G.InferNode(len(r.G.Nodes) - 1); err != nil {
		r.T.Fatal(err)
	}
	r.G.Outputs = []ir.ValueID{r.last}
	return r
}

// Normal draws a constant with a standard deviation.
func (r *Random) Normal(deviation float64, dims ...int) *ir.Tensor {
	f := make([]float32, product(dims))
	for i := range f {
		f[i] = float32(deviation * r.rand.NormFloat64())
	}
	return ir.Floats(f, dims...)
}

// Dense adds a fully connected layer whose outputs are about as large as its inputs.
func (r *Random) Dense(out int) *Random {
	in := r.Dims()[1]
	w := r.Normal(math.Sqrt(2/float64(in)), out, in)
	return r.Node(ir.Gemm{Alpha: 1, Beta: 1, TransB: true}, w, r.Normal(0.1, out))
}

// Conv adds a convolution that keeps the size of the map.
func (r *Random) Conv(out, kernel int) *Random {
	in, pad := r.Dims()[1], kernel/2
	w := r.Normal(math.Sqrt(2/float64(in*kernel*kernel)), out, in, kernel, kernel)
	return r.Node(ir.Conv{Window: ir.Window{Pads: []int{pad, pad, pad, pad}}, Group: 1}, w, r.Normal(0.1, out))
}

// Relu adds rectification.
func (r *Random) Relu() *Random { return r.Node(ir.Relu{}) }

// Depthwise adds a convolution of every channel by itself that keeps the size of the map.
func (r *Random) Depthwise(kernel int) *Random {
	c, pad := r.Dims()[1], kernel/2
	w := r.Normal(math.Sqrt(2)/float64(kernel), c, 1, kernel, kernel)
	return r.Node(ir.Conv{Window: ir.Window{Pads: []int{pad, pad, pad, pad}}, Group: c}, w, r.Normal(0.1, c))
}

// Squeeze adds squeeze-and-excitation: channel means, seen by a bottleneck of some channels,
// gate the channels of the map.
func (r *Random) Squeeze(hidden int, gate ir.Op) *Random {
	signal, channels := r.last, r.Dims()[1]
	r.Node(ir.GlobalAveragePool{}).Conv(hidden, 1).Relu().Conv(channels, 1).Node(gate)
	return r.on(ir.Binary{Fn: ir.Mul}, signal, r.last)
}

// Bottleneck adds an inverted residual of a number of channels in the manner of MobileNetV3 and
// EfficientNet: it widens the map, filters it by channel, gates it and narrows it again.
func (r *Random) Bottleneck(wide int, act, gate ir.Op) *Random {
	signal, channels := r.last, r.Dims()[1]
	r.Conv(wide, 1).Node(act).Depthwise(3).Node(act).Squeeze(wide/4, gate).Conv(channels, 1)
	return r.on(ir.Add{}, signal, r.last)
}

// Quantise rounds the latest value to levels worth step each.
func (r *Random) Quantise(step float32, low, high int) *Random {
	return r.Node(ir.FakeQuant{Low: low, High: high}, ir.Floats([]float32{step}))
}

// Whole draws a constant of whole numbers of at most a size, times a unit for each coordinate of
// the first axis.
func (r *Random) Whole(most int, units []float32, dims ...int) *ir.Tensor {
	f := make([]float32, product(dims))
	for i := range f {
		f[i] = float32(r.rand.IntN(2*most+1)-most) * units[i/(len(f)/len(units))]
	}
	return ir.Floats(f, dims...)
}

// Add adds an earlier value to the latest one.
func (r *Random) Add(other ir.ValueID) *Random { return r.on(ir.Add{}, other, r.last) }

// Last is the latest value.
func (r *Random) Last() ir.ValueID { return r.last }
