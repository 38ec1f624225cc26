package runtime

import (
	"math"

	"ann2snn/snn"
)

// cappedInt is refineInt for a rectifier with an upper bound, such as ReLU6: what a
// neuron has emitted never exceeds the bound, rounded to levels of the step.
type cappedInt struct {
	refineInt
	bound float64
	caps  [][]int32 // by step and channel
}

// newCappedInt returns nil unless the network refines and a layer's activation is an
// upper bound of a rectifier.
func newCappedInt(g integrator[int32], n *snn.Network, l *snn.Layer) *cappedInt {
	act := &l.Neuron.Act
	if n.Steps == 1 || n.Restim != snn.RestimRefine || act.Fn != snn.Clip || act.A != 0 || l.Neuron.Signed {
		return nil
	}
	r := &cappedInt{refineInt: refineInt{g, int32(n.Rho)}, bound: float64(act.B)}
	for t := range n.Steps {
		caps := make([]int32, l.Shape.C)
		for ch := range caps {
			caps[ch] = int32(r.limit(ch, r.span(t+1)))
		}
		r.caps = append(r.caps, caps)
	}
	return r
}

// capsOf returns the largest totals that a layer's neurons may have emitted after a step,
// by step and channel, in levels of the step; nil if they are not of this kind.
func capsOf(n *snn.Network, l *snn.Layer) [][]int32 {
	if r, ok := intNeuron(n, l).(*cappedInt); ok {
		return r.caps
	}
	return nil
}

// span is what a membrane that nothing is taken off sums up after step t, in inputs.
func (r *cappedInt) span(t int) float64 { return math.Pow(float64(r.rho), float64(t-1)) }

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

func (r *cappedInt) fire(dst, current []int32, c *cell[int32], t int) (saturated int64) {
	n, caps := len(r.theta), r.caps[t-1]
	for at := 0; at < len(dst); at += n {
		out, in, v, total := dst[at:][:n], current[at:][:n], c.membrane[at:][:n], c.emitted[at:][:n]
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
