package spec

import "ann2snn/snn"

// signedFloat is rateFloat with negative levels, which take back spikes that turn out to
// have been too many: the sum of all levels never falls below 0.
type signedFloat struct{ rateFloat }

// signedInt is signedFloat on integers.
type signedInt struct{ rateInt }

func newSignedFloat(g integrator[float32], _ *snn.Network, _ *snn.Layer) rule[float32] {
	return &signedFloat{rateFloat{g}}
}

func newSignedInt(g integrator[int32], _ *snn.Network, _ *snn.Layer) rule[int32] {
	return &signedInt{rateInt{g}}
}

func (g *signedFloat) remember(s *state[float32], size int) {
	g.rateFloat.remember(s, size)
	s.emitted = make([]float32, size)
}

func (g *signedInt) remember(s *state[int32], size int) {
	g.rateInt.remember(s, size)
	s.emitted = make([]int32, size)
}

func (g *signedFloat) fire(dst, current []float32, s *state[float32], _ int) (saturated int64) {
	n := len(g.theta)
	for at := 0; at < len(dst); at += n {
		out, in, v, total := dst[at:][:n], current[at:][:n], s.membrane[at:][:n], s.emitted[at:][:n]
		for ch, inverse := range g.theta {
			x := v[ch] + float32(in[ch]*inverse)
			k := floorFloat(x, 0-min(g.q, total[ch]), g.q)
			if x >= g.q+1 || x < -g.q && total[ch] >= g.q {
				saturated++
			}
			out[ch], v[ch], total[ch] = k, x-k, total[ch]+k
		}
	}
	return saturated
}

func (g *signedInt) fire(dst, current []int32, s *state[int32], _ int) (saturated int64) {
	n := len(g.theta)
	for at := 0; at < len(dst); at += n {
		out, in, v, total := dst[at:][:n], current[at:][:n], s.membrane[at:][:n], s.emitted[at:][:n]
		for ch, theta := range g.theta {
			x := v[ch] + in[ch]
			k := floorInt(x, g.share[ch], -min(g.q, total[ch]), g.q)
			rest := x - k*theta
			if rest >= theta || total[ch] >= g.q && rest < 0 {
				saturated++
			}
			out[ch], v[ch], total[ch] = k, rest, total[ch]+k
		}
	}
	return saturated
}
