package runtime

import (
	"ann2snn/internal/kernels/spike"
	"ann2snn/snn"
)

// number is what currents, membranes and levels are made of.
type number interface{ float32 | int32 }

// program is a network compiled for one arithmetic.
type program[S number] struct {
	net      *snn.Network
	part     *part
	quantise func(float32) S // of the analog input
	layers   []layer[S]
	largest  int // elements of the largest layer
	lines    int // a row and a column of any layer
	inputs   int // of the layer with most
}

// layer is a compiled layer.
type layer[S number] struct {
	in       []int
	size     int
	op       op[S]
	neuron   neuron[S] // nil without neurons
	constant bool      // puts out the same whenever the input drives it
	steady   bool      // the same is true of its current
	signal   signal
}

// op computes a layer's current, or what it moves.
type op[S number] interface {
	// step sets dst from the inputs' outputs of one step.
	step(dst []S, in [][]S, m *moment[S])
}

// remembering ops keep state between the steps of a run.
type remembering[S number] interface {
	remember(c *cell[S])
}

// moment is the circumstances of a step.
type moment[S number] struct {
	biased bool // the step takes biases
	cell   *cell[S]
	events *spike.Events[S]
}

// arithmetic is how a network's parameters enter computation in S.
type arithmetic[S number] struct {
	adder  func(in, out snn.Shape, window snn.Window, groups int, w *snn.Weights) adder[S]
	bias   func(w *snn.Weights) []S
	sum    func(o *snn.Sum) (factors [][]S, bias []S)
	input  func(l *snn.Layer) func(float32) S
	neuron func(n *snn.Network, l *snn.Layer) neuron[S]
}

// compile prepares a part of a verified network.
func compile[S number](n *snn.Network, run *part, a *arithmetic[S]) *program[S] {
	p := &program[S]{net: n, part: run, layers: make([]layer[S], len(n.Layers)), quantise: a.input(&n.Layers[0])}
	constant, signals := n.Constant(), signals(n)
	for i := range n.Layers {
		l := &n.Layers[i]
		to := &p.layers[i]
		*to = layer[S]{in: l.In, size: l.Shape.Len(), constant: constant[i], steady: true}
		for _, from := range l.In {
			to.steady = to.steady && constant[from]
		}
		to.signal = signals[i]
		if run.runs[i] {
			to.op = compileOp(n, l, to.steady, a)
			if l.Neuron != nil {
				to.neuron = a.neuron(n, l)
			}
		}
		p.largest = max(p.largest, to.size)
		p.lines = max(p.lines, l.Shape.H+l.Shape.W)
		p.inputs = max(p.inputs, len(l.In))
	}
	return p
}

// compileOp is the table of operators; Verify has seen that there are no others. steady
// says that the inputs are constant.
func compileOp[S number](n *snn.Network, l *snn.Layer, steady bool, a *arithmetic[S]) op[S] {
	switch o := l.Op.(type) {
	case snn.Conv:
		return compileConv(n, l, &o, a)
	case snn.Dense:
		return compileDense(n, l, &o, a)
	case snn.Sum:
		return compileSum(&o, a)
	case snn.SumPool:
		return compileSumPool[S](n, l, &o)
	case snn.MaxPool:
		return compileMaxPool[S](n, l, steady, &o)
	case snn.Concat:
		return compileConcat[S](n, l)
	case snn.Gather:
		return &gather[S]{index: o.Index}
	}
	return input[S]{}
}

func (p *program[S]) spawn(stats bool) keeper { return newEngine(p, stats) }
