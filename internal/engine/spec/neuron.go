package spec

import (
	"ann2snn/internal/facts"
	"ann2snn/snn"
)

// rule is how neurons turn the current of a layer into levels.
type rule[S number] interface {
	// remember gives s the state of size neurons.
	remember(s *state[S], size int)
	// reset prepares the state for step 1. Running totals are zero already.
	reset(s *state[S])
	// fire adds the current of step t (from 1) to the membrane potentials and emits levels.
	// It returns how many were cut to the largest one.
	fire(dst, current []S, s *state[S], t int) (saturated int64)
	// remainder returns, after the last step, the value of what is left of the potential of
	// neuron i and the value that a level emitted took off it.
	remainder(s *state[S], i int) (left, level float64)
}

// waiter is a rule whose neurons gain the currents of all steps before they fire in step
// 1; fire does not look at a current then.
type waiter[S number] interface {
	rule[S]
	gain(current []S, s *state[S])
}

// floatRules and intRules make the neurons of a layer follow a rule. A new rule is a line
// in both, next to its line in package facts.
var (
	floatRules = [...]func(integrator[float32], *snn.Network, *snn.Layer) rule[float32]{
		facts.Analog:           newAnalog,
		facts.WaitingIncrement: newIncrement[float32],
		facts.Increment:        newIncrement[float32],
		facts.Waiting:          newWaitingFloat,
		facts.Refine:           newRefineFloat,
		facts.Signed:           newSignedFloat,
		facts.Rate:             newRateFloat,
	}
	intRules = [...]func(integrator[int32], *snn.Network, *snn.Layer) rule[int32]{
		facts.Capped:           newCappedInt,
		facts.WaitingIncrement: newIncrement[int32],
		facts.Increment:        newIncrement[int32],
		facts.Quantise:         newQuantise,
		facts.Waiting:          newWaitingInt,
		facts.Refine:           newRefineInt,
		facts.Signed:           newSignedInt,
		facts.Rate:             newRateInt,
	}
)

// state is what neurons and pools remember between the steps of a run.
type state[S number] struct {
	membrane []S       // potentials of neurons
	emitted  []S       // running totals of neurons that may take back spikes, or levels still to be emitted
	totals   []float64 // running totals that may grow beyond S
	best     []float64 // maxima of totals in the last step and in this one
	sums     []S       // of the levels of both inputs of a product so far
}

// Neurons are the neurons of a layer in a session.
type Neurons[S number] struct {
	Saturated int64 // emissions of the last run that were cut to the largest level

	rule   rule[S]
	waiter waiter[S] // the rule, if it waits
	state  state[S]
}

// Flow brings currents to neurons and takes their levels, step by step (from 1).
type Flow[S number] interface {
	// Current returns the current of step t. It may change what it returned before.
	Current(t int) []S
	// Output returns where the levels of step t go.
	Output(t int) []S
	// Done is called when they are there.
	Done(t int)
}

func newNeurons[S number](r rule[S], size int) *Neurons[S] {
	n := &Neurons[S]{rule: r}
	n.waiter, _ = r.(waiter[S])
	r.remember(&n.state, size)
	return n
}

// Run lets the neurons fire in all steps of a run.
func (n *Neurons[S]) Run(steps int, f Flow[S]) {
	clear(n.state.totals)
	clear(n.state.emitted)
	n.Saturated = 0
	n.rule.reset(&n.state)
	for t := 1; t <= steps; t++ {
		current := f.Current(t)
		if n.waiter != nil {
			n.waiter.gain(current, &n.state)
			continue
		}
		n.fire(current, f, t)
	}
	for t := 1; n.waiter != nil && t <= steps; t++ {
		n.fire(nil, f, t)
	}
}

func (n *Neurons[S]) fire(current []S, f Flow[S], t int) {
	n.Saturated += n.rule.fire(f.Output(t), current, &n.state, t)
	f.Done(t)
}

// integrator is what the neurons of all rules share. An integer membrane counts in
// the layer's Unit; a float one in thresholds, so that a level is 1.
type integrator[S number] struct {
	theta  []S       // integer: the threshold; float: its reciprocal
	start  []S       // half a threshold, as far as S goes
	share  []float64 // integer: the reciprocal of the threshold
	unit   []float64 // value of 1 on the membrane
	level  []float64 // value of a level
	q      S         // the largest level
	signed bool      // the sum of all levels may be negative
}

func (g *integrator[S]) remember(s *state[S], size int) { s.membrane = make([]S, size) }

// halfway starts membranes at half a threshold, which makes levels round to nearest.
func (g *integrator[S]) halfway(s *state[S]) {
	for v := s.membrane; len(v) > 0; v = v[len(g.start):] {
		copy(v, g.start)
	}
}

// low returns the smallest level of neurons that may not take back spikes.
func (g *integrator[S]) low() S {
	if g.signed {
		return -g.q
	}
	return 0
}

// remainderFrom is remainder for membranes that began at start (nil: at 0).
func (g *integrator[S]) remainderFrom(start []S, s *state[S], i int) (left, level float64) {
	ch := i % len(g.theta)
	v := float64(s.membrane[i])
	if start != nil {
		v -= float64(start[ch])
	}
	return v * g.unit[ch], g.level[ch]
}

// floorFloat returns floor(x) held to low..q. It has no branches, as half of the levels
// being zero in no order would make them costly.
func floorFloat(x, low, q float32) float32 {
	x = max(low, min(x, q))
	k := int32(x)
	down := int32(0)
	if float32(k) > x {
		down = 1
	}
	return float32(k - down)
}

// floorInt returns floor(v/theta) held to low..q, low <= 0 <= q, for the reciprocal of
// theta. It has no branches, and multiplies, which is faster than dividing: v+1/2 is
// farther from every multiple of theta than float64 rounds.
func floorInt(v int32, inverse float64, low, q int32) int32 {
	above := int64((float64(v)+0.5)*inverse - float64(low))
	return int32(max(0, min(above, int64(q-low)))) + low
}
