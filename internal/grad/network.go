package grad

import (
	"errors"
	"fmt"
	"math"

	"ann2snn/internal/kernels/cpu"
	"ann2snn/snn"
)

// Kind says what a parameter is.
type Kind uint8

// The kinds of parameters.
const (
	Weight Kind = iota // a row of inputs per output channel, as in snn.Weights
	Bias               // per output channel
	// Threshold is the natural logarithm of the factor that thresholds have grown by, per
	// channel, or one for the layer. See Network.Thresholds.
	Threshold
)

// Param is a tensor that is trained. Its values are in the units of the trained network.
type Param struct {
	Layer int // of the network
	Kind  Kind
	Data  []float32
	// Typical is a magnitude that steps are relative to: the root mean square of weights, the
	// mean threshold for biases, 1 for thresholds.
	Typical float32
}

// Network is a spiking network taken apart. Its parameters may be changed; [Network.Update]
// makes the changes count.
type Network struct {
	Params []*Param

	source *snn.Network
	steps  int       // that are computed one by one
	worth  []float32 // of each of them in the totals
	waited float32   // steps that neurons sum up before they fire, 1 unless the network waits
	layers []layer
	set    *cpu.Set
}

// layer is a layer of a Network.
type layer struct {
	op     op
	in     []int
	shape  snn.Shape
	neuron *neuron // nil: none
	given  bool    // depends on no parameter
}

// op computes a layer's current, in real numbers.
type op interface {
	// forward sets dst to the current of the inputs, with the bias if biased.
	forward(dst []float32, in [][]float32, biased bool, s *Session)
	// backward adds to the gradients by the inputs, where wanted (not nil), and by parameters
	// what follows from dout, the gradient by the current.
	backward(dout []float32, in, din [][]float32, s *Session)
}

// Options of New.
type Options struct {
	// Train says which layers with weights are trained; nil means all. The thresholds of all
	// neurons are.
	Train func(layer int) bool
	// Shared ties the thresholds of a layer's channels to each other.
	Shared bool
	// Ceiling returns the largest value of a layer's output, 0 where it has no bound.
	Ceiling func(layer int) float32
	Set     *cpu.Set
}

// New takes a verified network apart.
func New(n *snn.Network, o Options) (*Network, error) {
	g := &Network{source: n, set: o.Set, steps: n.Steps, waited: 1, layers: make([]layer, len(n.Layers))}
	if n.Waits() {
		g.steps, g.waited = 1, float32(n.Steps)
	}
	g.worth = worthOf(n, g.steps)
	for i := range n.Layers {
		l := &n.Layers[i]
		if l.Neuron != nil && l.Neuron.Act.Fn == snn.Quantise {
			return nil, fmt.Errorf("grad: %q: neurons that keep a model's own levels are not trained", l.Name)
		}
		g.layers[i] = layer{in: l.In, shape: l.Shape, given: true}
		for _, from := range l.In {
			g.layers[i].given = g.layers[i].given && g.layers[from].given
		}
		if err := g.addOp(i, &o); err != nil {
			return nil, fmt.Errorf("grad: %q: %w", l.Name, err)
		}
		if l.Neuron != nil {
			g.addNeuron(i, &o)
		}
	}
	g.Update()
	return g, nil
}

// worthOf returns what a step is worth in the total that stands for a value.
func worthOf(n *snn.Network, steps int) []float32 {
	worth := make([]float32, steps)
	for t := range worth {
		worth[t] = 1 / float32(steps)
		if n.Refines() {
			worth[t] = float32(math.Pow(float64(n.Rho), float64(-t)))
		}
	}
	return worth
}

// addOp adds the operator of layer i and its parameters.
func (g *Network) addOp(i int, o *Options) error {
	l := &g.source.Layers[i]
	w, weighted := l.Weights()
	var weights, bias *parameter
	if weighted {
		train := o.Train == nil || o.Train(i)
		weights = g.param(&Param{Layer: i, Kind: Weight, Data: g.unfold(i, w)}, train)
		bias = g.param(&Param{Layer: i, Kind: Bias, Data: biasesOf(l)}, train)
		g.layers[i].given = g.layers[i].given && !train
	}
	if !g.evenInput(l) {
		return errRescaled
	}
	var err error
	switch op := l.Op.(type) {
	case snn.Input:
	case snn.Conv:
		in := g.source.Layers[l.In[0]].Shape
		if op.Groups == in.C && l.Shape.C == in.C {
			g.layers[i].op = &depthwise{newWindows(in, l.Shape, op.Window), weights, bias}
			break
		}
		g.layers[i].op = &conv{windows: newWindows(in, l.Shape, op.Window), groups: op.Groups, weights: weights, bias: bias}
	case snn.Dense:
		g.layers[i].op = &dense{weights: weights, bias: bias}
	case snn.Sum:
		g.layers[i].op = g.newSum(l, &op)
	case snn.Product:
		g.layers[i].op = g.newProduct(l, &op)
	case snn.SumPool:
		g.layers[i].op = g.newSumPool(l, &op)
	case snn.MaxPool:
		g.layers[i].op, err = g.newMaxPool(l, &op)
	case snn.Concat:
		g.layers[i].op, err = g.newConcat(l)
	case snn.Gather:
		g.layers[i].op, err = g.newGather(l, &op)
	default:
		err = fmt.Errorf("the operator %s cannot be trained", l.Op.Kind())
	}
	return err
}

// errRescaled says that levels of different values are added, compared or moved as if they had
// one. No conversion makes such networks.
var errRescaled = errors.New("levels of several values are taken for one")

// evenInput reports whether levels of a channel have one value, where windows slide over them.
func (g *Network) evenInput(l *snn.Layer) bool {
	switch l.Op.(type) {
	case snn.Conv, snn.SumPool, snn.MaxPool:
		in := &g.source.Layers[l.In[0]]
		for i, x := range in.LevelValue() {
			if x != in.LevelValueAt(i%in.Shape.C) {
				return false
			}
		}
	}
	return true
}

// parameter is a parameter as an operator sees it; place is its number among those trained,
// or below 0.
type parameter struct {
	*Param
	place int
}

func (g *Network) param(p *Param, train bool) *parameter {
	if !train {
		return &parameter{p, -1}
	}
	g.Params = append(g.Params, p)
	return &parameter{p, len(g.Params) - 1}
}

// unfold returns the weights of layer i for inputs in the units of the trained network.
func (g *Network) unfold(i int, w snn.Weights) []float32 {
	l := &g.source.Layers[i]
	f := make([]float32, max(len(w.F), len(w.Q)))
	fan := len(f) / l.Shape.C
	values := g.inputValues(i)
	for at := range f {
		c, k := at/fan, at%fan
		if w.Q != nil {
			f[at] = float32(w.Q[at]) * l.Unit[c] / values(c, k)
		} else {
			f[at] = w.F[at] / values(c, k)
		}
	}
	return f
}

// inputValues returns the level value of input k of a neuron of channel c of layer i.
func (g *Network) inputValues(i int) func(c, k int) float32 {
	l := &g.source.Layers[i]
	in := &g.source.Layers[l.In[0]]
	op, ok := l.Op.(snn.Conv)
	if !ok {
		return func(_, k int) float32 { return in.LevelValueAt(k) }
	}
	channels, outs := in.Shape.C/op.Groups, l.Shape.C/op.Groups
	return func(c, k int) float32 { return in.LevelValueAt(c/outs*channels + k%channels) }
}

// biasesOf returns the biases of a layer with weights in the units of the trained network.
func biasesOf(l *snn.Layer) []float32 {
	bias := make([]float32, l.Shape.C)
	floats, ints := l.Biases()
	copy(bias, floats)
	for c, x := range ints {
		bias[c] = float32(x) * l.Unit[c]
	}
	return bias
}

// Thresholds returns the thresholds of the neurons of a layer, one per channel.
func (g *Network) Thresholds(layer int) []float32 { return g.layers[layer].neuron.theta }

// Update makes changes of parameters count. No session may be at work.
func (g *Network) Update() {
	for i := range g.layers {
		l := &g.layers[i]
		if c, ok := l.op.(*conv); ok {
			c.pack(g.set)
		}
		if l.neuron != nil {
			l.neuron.update()
		}
	}
}

// SetTypical sets the magnitudes that steps are relative to from the parameters.
func (g *Network) SetTypical() {
	theta := make([]float32, len(g.layers)) // of the neurons that a layer drives
	for i := range g.layers {
		if n := g.layers[i].neuron; n != nil {
			theta[i] = meanOf(n.theta)
			for _, from := range g.layers[i].in {
				if _, sums := g.layers[i].op.(*sum); sums && g.layers[from].neuron == nil {
					theta[from] = theta[i]
				}
			}
		}
	}
	for _, p := range g.Params {
		switch p.Kind {
		case Weight:
			p.Typical = rootMeanSquare(p.Data)
		case Bias:
			if p.Typical = theta[p.Layer]; p.Typical == 0 {
				p.Typical = rootMeanSquare(p.Data)
			}
		case Threshold:
			p.Typical = 1
		}
	}
}

func meanOf(x []float32) float32 {
	sum := 0.0
	for _, v := range x {
		sum += float64(v)
	}
	return float32(sum / float64(max(1, len(x))))
}

func rootMeanSquare(x []float32) float32 {
	sum := 0.0
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	return float32(math.Sqrt(sum / float64(max(1, len(x)))))
}

// inputValue returns the value that the network takes for element x of its input.
func (g *Network) inputValue(x float32, place int) float32 {
	l := &g.source.Layers[0]
	op, _ := l.Op.(snn.Input)
	if !g.source.Integer {
		return x
	}
	scale := l.LevelValueAt(place)
	return float32(op.Level(x, scale)) * scale
}
