package runtime

import "ann2snn/snn"

// signedFloat is rateFloat with negative levels, which take back spikes that turn out to
// have been too many: the sum of all levels never falls below 0.
type signedFloat struct{ rateFloat }

// signedInt is signedFloat on integers.
type signedInt struct{ rateInt }

// newSignedFloat returns neurons for RestimSigned. Where the sum may be negative anyway
// there is nothing to hold, and the rate rule with negative levels is the same.
func newSignedFloat(g integrator[float32], n *snn.Network) neuron[float32] {
	if g.signed {
		return newRateFloat(g, n)
	}
	return &signedFloat{rateFloat{g}}
}

func newSignedInt(g integrator[int32], n *snn.Network) neuron[int32] {
	if g.signed {
		return newRateInt(g, n)
	}
	return &signedInt{rateInt{g}}
}

func (s *signedFloat) remember(c *cell[float32], size int) {
	s.rateFloat.remember(c, size)
	c.emitted = make([]float32, size)
}

func (s *signedInt) remember(c *cell[int32], size int) {
	s.rateInt.remember(c, size)
	c.emitted = make([]int32, size)
}

func (s *signedFloat) fire(dst, current []float32, c *cell[float32], _ int) (saturated int64) {
	n := len(s.theta)
	for at := 0; at < len(dst); at += n {
		out, in, v, total := dst[at:][:n], current[at:][:n], c.membrane[at:][:n], c.emitted[at:][:n]
		for ch, inverse := range s.theta {
			x := v[ch] + float32(in[ch]*inverse)
			k := floorFloat(x, 0-min(s.q, total[ch]), s.q)
			if x >= s.q+1 || x < -s.q && total[ch] >= s.q {
				saturated++
			}
			out[ch], v[ch], total[ch] = k, x-k, total[ch]+k
		}
	}
	return saturated
}

func (s *signedInt) fire(dst, current []int32, c *cell[int32], _ int) (saturated int64) {
	n := len(s.theta)
	for at := 0; at < len(dst); at += n {
		out, in, v, total := dst[at:][:n], current[at:][:n], c.membrane[at:][:n], c.emitted[at:][:n]
		for ch, theta := range s.theta {
			x := v[ch] + in[ch]
			k := floorInt(x, s.share[ch], -min(s.q, total[ch]), s.q)
			rest := x - k*theta
			if rest >= theta || total[ch] >= s.q && rest < 0 {
				saturated++
			}
			out[ch], v[ch], total[ch] = k, rest, total[ch]+k
		}
	}
	return saturated
}
