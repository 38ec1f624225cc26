package spec

import (
	"math"

	"ann2snn/snn"
)

// quantise is the neuron of quantised models, in networks of one step: it emits
//
//	clip(round(current * (Unit/Threshold)), low, high)
//
// in float32, halves to even, as ONNX Runtime's integer kernels turn sums into levels. What it
// rounds away is lost.
type quantise struct {
	ratio     []float32 // levels that 1 on the membrane is worth
	unit      []float64
	low, high float32
}

func newQuantise(g integrator[int32], _ *snn.Network, l *snn.Layer) rule[int32] {
	low, high, _ := l.Neuron.QuantisedRange()
	r := &quantise{unit: g.unit, low: float32(low), high: float32(high)}
	for c, threshold := range l.Neuron.Threshold {
		r.ratio = append(r.ratio, l.Unit[c]/threshold)
	}
	return r
}

func (r *quantise) remember(s *state[int32], size int) { s.membrane = make([]int32, size) }

func (r *quantise) reset(*state[int32]) {}

func (r *quantise) remainder(s *state[int32], i int) (left, level float64) {
	return float64(s.membrane[i]) * r.unit[i%len(r.unit)], 0
}

func (r *quantise) fire(dst, current []int32, s *state[int32], _ int) (saturated int64) {
	copy(s.membrane, current)
	ch := 0
	for i, in := range current {
		level := r.rounded(in, ch)
		if level > r.high || r.low < 0 && level < r.low {
			saturated++
		}
		dst[i] = int32(max(r.low, min(level, r.high)))
		if ch++; ch == len(r.ratio) {
			ch = 0
		}
	}
	return saturated
}

func (r *quantise) rounded(current int32, ch int) float32 {
	return float32(math.RoundToEven(float64(float32(current) * r.ratio[ch])))
}

// target implements follower.
func (r *quantise) target(membrane int32, ch int, _ float64) float64 {
	return float64(max(r.low, min(r.rounded(membrane, ch), r.high)))
}
