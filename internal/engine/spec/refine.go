package spec

import "ann2snn/snn"

// refineFloat is the neuron whose later steps carry corrections on finer bit levels. In
// units of the step: the membrane is multiplied by Rho, gains the current and emits the
// nearest number of levels. The sum of all levels never falls below 0, unless signed.
type refineFloat struct {
	integrator[float32]
	rho float32
}

// refineInt is refineFloat on integers.
type refineInt struct {
	integrator[int32]
	rho int32
}

// manyLevels is where the running total stops counting. In units of the step it grows by
// the factor Rho in every step and only matters while it is below Q: from Q+1 on it
// stays there if Rho is 2 or more, and if Rho is 1 it cannot get this far.
const manyLevels = snn.MaxSteps << snn.MaxBits

func newRefineFloat(g integrator[float32], n *snn.Network, _ *snn.Layer) rule[float32] {
	return &refineFloat{g, float32(n.Rho)}
}

func newRefineInt(g integrator[int32], n *snn.Network, _ *snn.Layer) rule[int32] {
	return &refineInt{g, int32(n.Rho)}
}

func (r *refineFloat) remember(s *state[float32], size int) {
	r.integrator.remember(s, size)
	s.emitted = make([]float32, size)
}

func (r *refineInt) remember(s *state[int32], size int) {
	r.integrator.remember(s, size)
	s.emitted = make([]int32, size)
}

func (r *refineFloat) reset(s *state[float32]) { clear(s.membrane) }

func (r *refineInt) reset(s *state[int32]) { clear(s.membrane) }

func (r *refineFloat) remainder(s *state[float32], i int) (left, level float64) {
	return r.remainderFrom(nil, s, i)
}

func (r *refineInt) remainder(s *state[int32], i int) (left, level float64) {
	return r.remainderFrom(nil, s, i)
}

func (r *refineFloat) fire(dst, current []float32, s *state[float32], _ int) (saturated int64) {
	n := len(r.theta)
	for at := 0; at < len(dst); at += n {
		out, in, v, total := dst[at:][:n], current[at:][:n], s.membrane[at:][:n], s.emitted[at:][:n]
		for ch, inverse := range r.theta {
			x := float32(r.rho*v[ch]) + float32(in[ch]*inverse)
			before := r.rho * total[ch]
			low := 0 - min(r.q, before)
			if r.signed {
				low = -r.q
			}
			k := floorFloat(x+0.5, low, r.q)
			if x+0.5 >= r.q+1 || x+0.5 < -r.q && (r.signed || before >= r.q) {
				saturated++
			}
			out[ch], v[ch], total[ch] = k, x-k, min(before+k, manyLevels)
		}
	}
	return saturated
}

func (r *refineInt) fire(dst, current []int32, s *state[int32], _ int) (saturated int64) {
	n := len(r.theta)
	share := r.share[:n]
	for at := 0; at < len(dst); at += n {
		out, in, v, total := dst[at:][:n], current[at:][:n], s.membrane[at:][:n], s.emitted[at:][:n]
		for ch, theta := range r.theta {
			x := r.rho*v[ch] + in[ch]
			before := r.rho * total[ch]
			low := 0 - min(r.q, before)
			if r.signed {
				low = -r.q
			}
			k := floorInt(x+theta/2, share[ch], low, r.q)
			rest := x - k*theta
			if rest+theta/2 >= theta || (r.signed || before >= r.q) && rest+theta/2 < 0 {
				saturated++
			}
			out[ch], v[ch], total[ch] = k, rest, min(before+k, manyLevels)
		}
	}
	return saturated
}
