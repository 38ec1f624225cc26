package spec

import (
	"ann2snn/internal/engine"
	"ann2snn/internal/facts"
	"ann2snn/internal/kernels/spike"
	"ann2snn/snn"
)

// number is what currents, membranes and levels are made of.
type number interface{ float32 | int32 }

// Program is a network compiled for one arithmetic. It is immutable.
type Program[S number] struct {
	facts    *facts.Network
	subnet   *engine.Subnet
	quantise func(x float32, place int) S // of the analog input
	finite   func(current []S) bool       // nil where ranges are proven
	layers   []layer[S]
	largest  int // elements of the largest layer
	inputs   int // of the layer with most
}

// layer is a compiled layer.
type layer[S number] struct {
	size int
	op   op[S]
	rule rule[S] // nil without neurons
}

// op computes a layer's current, or what it moves.
type op[S number] interface {
	// step sets dst from the inputs' outputs of one step.
	step(dst []S, in [][]S, m *moment[S])
}

// remembering ops keep state between the steps of a run.
type remembering[S number] interface {
	remember(s *state[S])
}

// moment is the circumstances of a step.
type moment[S number] struct {
	step   int  // from 1
	biased bool // the step takes biases
	state  *state[S]
	events *spike.Events[S]
	watch  *spike.Watch
}

// arithmetic is how a network's parameters enter computation in S.
type arithmetic[S number] struct {
	adder func(in, out snn.Shape, window snn.Window, groups int, w *snn.Weights) adder[S]
	bias  func(w *snn.Weights) []S
	sum   func(o *snn.Sum) (factors [][]S, bias []S)
	input func(l *snn.Layer) func(x float32, place int) S
	parts func(n *snn.Network, o *snn.Product) [][]S // per step: one, C or H*W*C
	rule  func(n *snn.Network, l *snn.Layer) rule[S]

	finite func(current []S) bool // may be nil
}

// Floats compiles a part of a float network.
func Floats(f *facts.Network, s *engine.Subnet) *Program[float32] { return compile(f, s, &floats) }

// Integers compiles a part of an integer network whose ranges are proven.
func Integers(f *facts.Network, s *engine.Subnet) *Program[int32] { return compile(f, s, &integers) }

func compile[S number](f *facts.Network, s *engine.Subnet, a *arithmetic[S]) *Program[S] {
	p := &Program[S]{facts: f, subnet: s, layers: make([]layer[S], len(f.Layers)), quantise: a.input(&f.Layers[0]), finite: a.finite}
	for i := range f.Layers {
		l := &f.Layers[i]
		p.layers[i] = layer[S]{size: l.Shape.Len()}
		if s.Runs[i] {
			p.layers[i].op = compileOp(f, i, a)
			if l.Neuron != nil {
				p.layers[i].rule = a.rule(f.Network, l)
			}
		}
		p.largest = max(p.largest, l.Shape.Len())
		p.inputs = max(p.inputs, len(l.In))
	}
	return p
}

// compileOp is the table of operators; Verify has seen that there are no others.
func compileOp[S number](f *facts.Network, i int, a *arithmetic[S]) op[S] {
	n, l := f.Network, &f.Layers[i]
	switch o := l.Op.(type) {
	case snn.Conv:
		return compileConv(n, l, &o, a)
	case snn.Dense:
		return compileDense(n, l, &o, a)
	case snn.Sum:
		return compileSum(&o, a)
	case snn.Product:
		return compileProduct(n, l, &o, a)
	case snn.SumPool:
		return compileSumPool[S](n, l, &o)
	case snn.MaxPool:
		return compileMaxPool[S](f, i, &o)
	case snn.Concat:
		return compileConcat[S](n, l)
	case snn.Gather:
		return &gather[S]{index: o.Index}
	}
	return input[S]{}
}
