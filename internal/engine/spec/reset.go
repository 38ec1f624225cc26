package spec

import "ann2snn/snn"

// resetFloat is rateFloat with a hard reset: a neuron that fires loses what is left of its
// membrane potential.
type resetFloat struct{ rateFloat }

// resetInt is resetFloat on integers.
type resetInt struct{ rateInt }

func newResetFloat(g integrator[float32], _ *snn.Network, _ *snn.Layer) rule[float32] {
	return &resetFloat{rateFloat{g}}
}

func newResetInt(g integrator[int32], _ *snn.Network, _ *snn.Layer) rule[int32] {
	return &resetInt{rateInt{g}}
}

func (r *resetFloat) remember(s *state[float32], size int) {
	r.rateFloat.remember(s, size)
	s.totals = make([]float64, size)
}

func (r *resetInt) remember(s *state[int32], size int) {
	r.rateInt.remember(s, size)
	s.totals = make([]float64, size)
}

func (r *resetFloat) remainder(s *state[float32], i int) (left, level float64) {
	left, level = r.rateFloat.remainder(s, i)
	return left + s.totals[i]*r.unit[i%len(r.unit)], level
}

func (r *resetInt) remainder(s *state[int32], i int) (left, level float64) {
	left, level = r.rateInt.remainder(s, i)
	return left + s.totals[i]*r.unit[i%len(r.unit)], level
}

func (r *resetFloat) fire(dst, current []float32, s *state[float32], t int) (saturated int64) {
	saturated = r.rateFloat.fire(dst, current, s, t)
	resetFired(s, dst, r.start)
	return saturated
}

func (r *resetInt) fire(dst, current []int32, s *state[int32], t int) (saturated int64) {
	saturated = r.rateInt.fire(dst, current, s, t)
	resetFired(s, dst, r.start)
	return saturated
}

// resetFired resets the membranes of neurons with levels other than 0 and notes what they
// lose.
func resetFired[S number](s *state[S], levels, start []S) {
	for i, k := range levels {
		if k != 0 {
			begin := start[i%len(start)]
			s.totals[i] += float64(s.membrane[i] - begin)
			s.membrane[i] = begin
		}
	}
}
