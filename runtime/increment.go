package runtime

import (
	"math"

	"ann2snn/snn"
)

// increment is the neuron of every other activation f: the membrane U only gains, and
// the neuron emits how many levels quantise(f(U)) is ahead of what it emitted. In units
// of the step, with r = Rho for RestimRefine:
//
//	rate, signed: U += I;        target = floor(t*f(U/t)/theta + 1/2);               k = target - n
//	refine:       U = r*U + I;   target = floor(f(U/r^(t-1))*r^(t-1)/theta + 1/2);   k = target - r*n
//
// k is held to -Q..Q. f is evaluated in float64 in both arithmetics.
type increment[S number] struct {
	f      func(x float64, channel int) float64
	unit   []float64 // value of 1 on the membrane
	level  []float64 // value of a level
	q      float64
	rho    S // 1 unless refine
	refine bool
}

func newIncrement[S number](n *snn.Network, l *snn.Layer, g *integrator[S]) neuron[S] {
	unit := g.unit
	if !n.Integer { // the membrane is in the units of the activation, not in thresholds
		unit = repeat(1, l.Shape.C)
	}
	r := increment[S]{
		f: l.Neuron.Act.Float64(), unit: unit, level: g.level,
		q: float64(g.q), rho: S(n.Rho), refine: n.Restim == snn.RestimRefine,
	}
	if n.Waits() {
		return &waitingIncrement[S]{r, float64(n.Steps)}
	}
	return &r
}

func (r *increment[S]) remember(c *cell[S], size int) {
	c.membrane = make([]S, size)
	c.totals = make([]float64, size)
}

func (r *increment[S]) reset(c *cell[S]) { clear(c.membrane) }

func (r *increment[S]) charge(c *cell[S], i int) (kept, level float64) {
	return float64(c.membrane[i]) * r.unit[i%len(r.unit)], 0
}

func (r *increment[S]) fire(dst, current []S, c *cell[S], t int) (saturated int64) {
	span := r.span(t)
	ch := 0
	for i, in := range current {
		c.membrane[i] = S(r.rho*c.membrane[i]) + in //nolint:unconvert // forbids a fused multiply-add
		before := float64(float64(r.rho) * c.totals[i])
		k := r.target(c.membrane[i], ch, span) - before
		held := hold(k, r.q)
		if held != k {
			saturated++
		}
		dst[i], c.totals[i] = S(held), before+held
		if ch++; ch == len(r.unit) {
			ch = 0
		}
	}
	return saturated
}

// span is what a membrane sums up after step t, in inputs.
func (r *increment[S]) span(t int) float64 {
	if r.refine {
		return math.Pow(float64(r.rho), float64(t-1))
	}
	return float64(t)
}

// target is how many levels a neuron should have emitted.
func (r *increment[S]) target(membrane S, ch int, span float64) float64 {
	x := float64(membrane) * r.unit[ch] / span
	return math.Floor(float64(span*r.f(x, ch))/r.level[ch] + 0.5)
}

// Target returns, for a layer of an integer network whose neurons are of the increment
// rule, what exporters make tables of: how many levels a neuron of a channel should have
// emitted after step t (from 1), in units of the step, by its membrane. Neurons that wait
// ask for the last step only.
func Target(n *snn.Network, layer int) func(membrane int32, channel, t int) float64 {
	r, _ := intNeuron(n, &n.Layers[layer]).(interface {
		span(t int) float64
		target(membrane int32, ch int, span float64) float64
	})
	return func(membrane int32, channel, t int) float64 { return r.target(membrane, channel, r.span(t)) }
}

// hold returns k held to -q..q; NaN, from an overflow, becomes -q.
func hold(k, q float64) float64 {
	if k != k {
		return -q
	}
	return max(-q, min(k, q))
}

func repeat(x float64, n int) []float64 {
	values := make([]float64, n)
	for i := range values {
		values[i] = x
	}
	return values
}
