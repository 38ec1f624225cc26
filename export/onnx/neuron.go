package onnx

import "ann2snn/internal/facts"

// forms has the neurons of every rule. A rule that is not here takes the form of its
// general rule; networks with others are refused.
var forms = map[facts.Rule]func(w *writer) neuron{
	facts.Increment:        func(w *writer) neuron { n := w.newIncrement(); return &n },
	facts.Quantise:         func(w *writer) neuron { return w.newQuantise() },
	facts.WaitingIncrement: func(w *writer) neuron { return &waitingIncrement{increment: w.newIncrement()} },
	facts.Waiting:          func(w *writer) neuron { return &waiting{integrator: w.newIntegrator()} },
	facts.Refine:           func(w *writer) neuron { return &refine{integrator: w.newIntegrator()} },
	facts.Signed:           func(w *writer) neuron { return &signed{integrator: w.newIntegrator()} },
	facts.Rate:             func(w *writer) neuron { return &rate{w.newIntegrator()} },
}

// formOf returns the form of a rule, nil if there is none.
func formOf(r facts.Rule) func(w *writer) neuron {
	if f := forms[r]; f != nil {
		return f
	}
	return forms[r.General()]
}

// integrator is what integrate-and-fire neurons share.
type integrator struct {
	*writer
	wide        bool   // membranes are float64
	theta, half string // per channel
	q           float32
	low         float32 // of neurons that may not take back spikes
	membrane    string  // empty while it is zero
}

func (w *writer) newIntegrator() integrator {
	n := w.layer.Neuron
	half := make([]int32, len(n.IntThreshold))
	for c, theta := range n.IntThreshold {
		half[c] = theta / 2
	}
	wide := w.wideMembrane()
	g := integrator{
		writer: w, wide: wide, q: float32(n.Format.Max()),
		theta: w.integers("threshold", n.IntThreshold, w.layer.Shape, wide), half: w.integers("half", half, w.layer.Shape, wide),
	}
	if n.Signed {
		g.low = -g.q
	}
	return g
}

// wideMembrane reports whether the neurons of the layer at work compute in float64: those
// of the increment rule, and others whose membranes may leave float32's integers.
func (w *writer) wideMembrane() bool {
	return !w.layer.Neuron.Act.Fn.Integrates() || w.facts[w.index].Membrane >= w.exact
}

// number returns a constant of the type of membranes.
func (g *integrator) number(x float32) string {
	if g.wide {
		return g.double(float64(x))
	}
	return g.scalar(x)
}

// held returns how many thresholds x holds, at least a number and at most q.
func (g *integrator) held(x string, low float32) string {
	return g.node("spikes", "Clip", []string{g.levels(x), g.number(low), g.number(g.q)})
}

// heldAbove is held with another bound for each neuron. The number is not positive.
func (g *integrator) heldAbove(x, low string) string {
	capped := g.node("capped", "Clip", []string{g.levels(x), g.number(-g.q), g.number(g.q)})
	return g.node("spikes", "Max", []string{capped, low})
}

// levels is the floor of x divided by the threshold. The quotient of integers that the
// type holds exactly never rounds up to the next integer.
func (g *integrator) levels(x string) string {
	return g.node("levels", "Floor", []string{g.node("ratio", "Div", []string{x, g.theta})})
}

// subtract subtracts spikes from x and makes the rest the membrane, unless step t is
// the last.
func (g *integrator) subtract(x, spikes string, t int) {
	if t < g.net.Steps {
		fired := g.node("fired", "Mul", []string{spikes, g.theta})
		g.membrane = g.node("rest", "Sub", []string{x, fired})
	}
}
