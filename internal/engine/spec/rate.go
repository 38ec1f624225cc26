package spec

import "ann2snn/snn"

// rateFloat is the multi-bit integrate-and-fire neuron with soft reset: the membrane
// starts at half a threshold, gains the current, and emits as many levels as it holds.
type rateFloat struct{ integrator[float32] }

// rateInt is rateFloat on integers.
type rateInt struct{ integrator[int32] }

func newRateFloat(g integrator[float32], _ *snn.Network, _ *snn.Layer) rule[float32] {
	return &rateFloat{g}
}

func newRateInt(g integrator[int32], _ *snn.Network, _ *snn.Layer) rule[int32] { return &rateInt{g} }

func (r *rateFloat) reset(s *state[float32]) { r.halfway(s) }

func (r *rateInt) reset(s *state[int32]) { r.halfway(s) }

func (r *rateFloat) remainder(s *state[float32], i int) (left, level float64) {
	return r.remainderFrom(r.start, s, i)
}

func (r *rateInt) remainder(s *state[int32], i int) (left, level float64) {
	return r.remainderFrom(r.start, s, i)
}

func (r *rateFloat) fire(dst, current []float32, s *state[float32], _ int) (saturated int64) {
	n, low := len(r.theta), r.low()
	for at := 0; at < len(dst); at += n {
		out, in, v := dst[at:][:n], current[at:][:n], s.membrane[at:][:n]
		for ch, inverse := range r.theta {
			x := v[ch] + float32(in[ch]*inverse)
			k := floorFloat(x, low, r.q)
			if x >= r.q+1 || low < 0 && x < low {
				saturated++
			}
			out[ch], v[ch] = k, x-k
		}
	}
	return saturated
}

func (r *rateInt) fire(dst, current []int32, s *state[int32], _ int) (saturated int64) {
	n, low := len(r.theta), r.low()
	for at := 0; at < len(dst); at += n {
		out, in, v := dst[at:][:n], current[at:][:n], s.membrane[at:][:n]
		for ch, theta := range r.theta {
			x := v[ch] + in[ch]
			k := floorInt(x, r.share[ch], low, r.q)
			rest := x - k*theta
			if rest >= theta || low < 0 && rest < 0 {
				saturated++
			}
			out[ch], v[ch] = k, rest
		}
	}
	return saturated
}
