package spec

import "ann2snn/snn"

// analog passes its activation unrounded, in levels. It is for networks of one
// step.
type analog struct {
	f     snn.Curve
	level []float32
}

func newAnalog(_ integrator[float32], _ *snn.Network, l *snn.Layer) rule[float32] {
	return &analog{l.Neuron.Act.Curve(), l.Neuron.Threshold}
}

func (a *analog) remember(s *state[float32], size int) { s.membrane = make([]float32, size) }

func (a *analog) reset(*state[float32]) {}

func (a *analog) remainder(s *state[float32], i int) (left, level float64) {
	return float64(s.membrane[i]), 0
}

func (a *analog) fire(dst, current []float32, s *state[float32], _ int) (saturated int64) {
	copy(s.membrane, current)
	for i, x := range current {
		ch := i % len(a.level)
		dst[i] = float32(a.f.At(float64(x), ch) / float64(a.level[ch]))
	}
	return 0
}
