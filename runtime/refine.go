package runtime

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

func newRefineFloat(g integrator[float32], n *snn.Network) neuron[float32] {
	return &refineFloat{g, float32(n.Rho)}
}

func newRefineInt(g integrator[int32], n *snn.Network) neuron[int32] {
	return &refineInt{g, int32(n.Rho)}
}

func (r *refineFloat) remember(c *cell[float32], size int) {
	r.integrator.remember(c, size)
	c.emitted = make([]float32, size)
}

func (r *refineInt) remember(c *cell[int32], size int) {
	r.integrator.remember(c, size)
	c.emitted = make([]int32, size)
}

func (r *refineFloat) reset(c *cell[float32]) { clear(c.membrane) }

func (r *refineInt) reset(c *cell[int32]) { clear(c.membrane) }

func (r *refineFloat) charge(c *cell[float32], i int) (kept, level float64) {
	return r.gained(c, i, nil)
}

func (r *refineInt) charge(c *cell[int32], i int) (kept, level float64) {
	return r.gained(c, i, nil)
}

func (r *refineFloat) fire(dst, current []float32, c *cell[float32], _ int) (saturated int64) {
	n := len(r.theta)
	for at := 0; at < len(dst); at += n {
		out, in, v, total := dst[at:][:n], current[at:][:n], c.membrane[at:][:n], c.emitted[at:][:n]
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

func (r *refineInt) fire(dst, current []int32, c *cell[int32], _ int) (saturated int64) {
	n := len(r.theta)
	share := r.share[:n]
	for at := 0; at < len(dst); at += n {
		out, in, v, total := dst[at:][:n], current[at:][:n], c.membrane[at:][:n], c.emitted[at:][:n]
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
