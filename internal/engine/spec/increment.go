package spec

import (
	"math"

	"ann2snn/snn"
)

// increment is the neuron of every other activation f: the membrane potential U only gains,
// and the neuron emits how many levels quantise(f(U)) is ahead of what it emitted. In units
// of the step, with r = Rho for RestimRefine:
//
//	rate, signed: U += I;        target = floor(t*f(U/t)/theta + 1/2);               k = target - n
//	refine:       U = r*U + I;   target = floor(f(U/r^(t-1))*r^(t-1)/theta + 1/2);   k = target - r*n
//
// k is held to -Q..Q. f is evaluated in float64 in both arithmetics.
type increment[S number] struct {
	f     snn.Curve
	unit  []float64 // value of 1 on the membrane
	level []float64 // value of a level
	q     float64
	rho   S // 1 unless the network refines
	span  func(t int) float64
}

func newIncrement[S number](g integrator[S], n *snn.Network, l *snn.Layer) rule[S] {
	unit := g.unit
	if !n.Integer { // the membrane is in the units of the activation, not in thresholds
		unit = repeat(1, l.Shape.C)
	}
	r := increment[S]{
		f: l.Neuron.Act.Curve(), unit: unit, level: g.level,
		q: float64(g.q), rho: S(n.Rho), span: n.Span,
	}
	if n.Waits() {
		return &waitingIncrement[S]{r, float64(n.Steps)}
	}
	return &r
}

func (r *increment[S]) remember(s *state[S], size int) {
	s.membrane = make([]S, size)
	s.totals = make([]float64, size)
}

func (r *increment[S]) reset(s *state[S]) { clear(s.membrane) }

func (r *increment[S]) remainder(s *state[S], i int) (left, level float64) {
	return float64(s.membrane[i]) * r.unit[i%len(r.unit)], 0
}

func (r *increment[S]) fire(dst, current []S, s *state[S], t int) (saturated int64) {
	span := r.span(t)
	ch := 0
	for i, in := range current {
		s.membrane[i] = S(r.rho*s.membrane[i]) + in //nolint:unconvert // forbids a fused multiply-add
		before := float64(float64(r.rho) * s.totals[i])
		k := r.target(s.membrane[i], ch, span) - before
		held := hold(k, r.q)
		if held != k {
			saturated++
		}
		dst[i], s.totals[i] = S(held), before+held
		if ch++; ch == len(r.unit) {
			ch = 0
		}
	}
	return saturated
}

// target is how many levels a neuron should have emitted.
func (r *increment[S]) target(membrane S, ch int, span float64) float64 {
	x := float64(membrane) * r.unit[ch] / span
	return math.Floor(float64(span*r.f.At(x, ch))/r.level[ch] + 0.5)
}

// follower is a rule whose neurons follow a target.
type follower interface {
	target(membrane int32, ch int, span float64) float64
}

// Target returns, for a layer of an integer network whose neurons follow the increment
// rule or one of its special forms, what exporters make tables of: how many levels a neuron
// of a channel should have emitted after step t (from 1), in units of the step, by its
// membrane potential. Neurons that wait ask for the last step only.
func Target(n *snn.Network, layer int) func(membrane int32, channel, t int) float64 {
	r, _ := intRule(n, &n.Layers[layer]).(follower)
	return func(membrane int32, channel, t int) float64 { return r.target(membrane, channel, n.Span(t)) }
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
