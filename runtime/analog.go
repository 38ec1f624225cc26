package runtime

import "ann2snn/snn"

// analogNeuron passes its activation unrounded, in levels. It is for networks of one
// step.
type analogNeuron[S number] struct {
	f     func(x float64, channel int) float64
	level []float32
}

func newAnalog[S number](l *snn.Layer) neuron[S] {
	return &analogNeuron[S]{l.Neuron.Act.Float64(), l.Neuron.Threshold}
}

func (a *analogNeuron[S]) remember(c *cell[S], size int) { c.membrane = make([]S, size) }

func (a *analogNeuron[S]) reset(*cell[S]) {}

func (a *analogNeuron[S]) charge(c *cell[S], i int) (kept, level float64) {
	return float64(c.membrane[i]), 0
}

func (a *analogNeuron[S]) fire(dst, current []S, c *cell[S], _ int) (saturated int64) {
	copy(c.membrane, current)
	for i, x := range current {
		ch := i % len(a.level)
		dst[i] = S(a.f(float64(x), ch) / float64(a.level[ch]))
	}
	return 0
}
