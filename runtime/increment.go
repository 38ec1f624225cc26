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
	return &increment[S]{
		f: activation(&l.Neuron.Act), unit: unit, level: g.level,
		q: float64(g.q), rho: S(n.Rho), refine: n.Restim == snn.RestimRefine,
	}
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
	span := float64(t) // what the membrane sums up, in inputs
	if r.refine {
		span = math.Pow(float64(r.rho), float64(t-1))
	}
	ch := 0
	for i, in := range current {
		c.membrane[i] = S(r.rho*c.membrane[i]) + in //nolint:unconvert // forbids a fused multiply-add
		x := float64(c.membrane[i]) * r.unit[ch] / span
		before := float64(float64(r.rho) * c.totals[i])
		k := math.Floor(float64(span*r.f(x, ch))/r.level[ch]+0.5) - before
		held := max(-r.q, min(k, r.q))
		if held != k {
			saturated++
		}
		if held != held { // NaN, from an overflow
			held = -r.q
		}
		dst[i], c.totals[i] = S(held), before+held
		if ch++; ch == len(r.unit) {
			ch = 0
		}
	}
	return saturated
}

func repeat(x float64, n int) []float64 {
	values := make([]float64, n)
	for i := range values {
		values[i] = x
	}
	return values
}
