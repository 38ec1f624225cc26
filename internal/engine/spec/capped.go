package spec

import (
	"math"

	"ann2snn/snn"
)

// cappedInt is refineInt for a rectifier with an upper bound, such as ReLU6: the
// sum of a neuron's levels never exceeds the bound, rounded to levels of the step.
type cappedInt struct {
	refineInt
	bound float64
	caps  [][]int32 // by step and channel
}

func newCappedInt(g integrator[int32], n *snn.Network, l *snn.Layer) rule[int32] {
	r := &cappedInt{refineInt: refineInt{g, int32(n.Rho)}, bound: float64(l.Neuron.Act.B)}
	for t := range n.Steps {
		caps := make([]int32, l.Shape.C)
		for ch := range caps {
			caps[ch] = int32(r.limit(ch, n.Span(t+1)))
		}
		r.caps = append(r.caps, caps)
	}
	return r
}

// Caps returns the largest totals that neurons of the capped rule may have emitted after a
// step, by step and channel, in levels of the step.
func Caps(n *snn.Network, l *snn.Layer) [][]int32 {
	r, ok := intRule(n, l).(*cappedInt)
	if !ok {
		return nil
	}
	return r.caps
}

// limit is the largest total after a step.
func (r *cappedInt) limit(ch int, span float64) float64 {
	return min(math.Floor(float64(span*r.bound)/r.level[ch]+0.5), manyLevels)
}

// target is how many levels a neuron should have emitted, by a membrane that nothing is
// taken off.
func (r *cappedInt) target(membrane int32, ch int, span float64) float64 {
	theta := float64(r.theta[ch])
	return max(0, min(math.Floor((2*float64(membrane)+theta)/(2*theta)), r.limit(ch, span)))
}

func (r *cappedInt) fire(dst, current []int32, s *state[int32], t int) (saturated int64) {
	n, caps := len(r.theta), r.caps[t-1]
	for at := 0; at < len(dst); at += n {
		out, in, v, total := dst[at:][:n], current[at:][:n], s.membrane[at:][:n], s.emitted[at:][:n]
		for ch, theta := range r.theta {
			x := r.rho*v[ch] + in[ch]
			before := r.rho * total[ch]
			wanted := floorInt(x+theta/2, r.share[ch], -before, caps[ch]-before)
			k := max(-r.q, min(wanted, r.q))
			if k != wanted {
				saturated++
			}
			out[ch], v[ch], total[ch] = k, x-k*theta, before+k
		}
	}
	return saturated
}
