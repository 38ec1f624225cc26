package engine

import "ann2snn/snn"

// Total sets dst to the output of a layer over the steps 1 to t, in levels and H, W, C
// order: the mean, or the sum in units of the first step if the network refines. output
// returns the output of a step; that of a constant layer is the same in all.
func Total[S float32 | int32](dst []float64, n *snn.Network, constant bool, t int, output func(t int) []S) {
	clear(dst)
	if n.Refines() {
		for step := t; step >= 1; step-- {
			for i, k := range output(step) {
				dst[i] = dst[i]/float64(n.Rho) + float64(k)
			}
		}
		return
	}
	if constant {
		t = 1
	}
	for step := 1; step <= t; step++ {
		for i, k := range output(step) {
			dst[i] += float64(k)
		}
	}
	for i := range dst {
		dst[i] /= float64(t)
	}
}

// Values sets dst to the values of a layer's output, whose totals are in levels and
// H, W, C order, in C, H, W order.
func Values(dst []float32, l *snn.Layer, totals []float64) {
	values := l.LevelValue()
	if len(values) == 0 {
		values = one
	}
	for i := range l.Shape.Len() {
		dst[l.Shape.ChannelsFirst(i)] = float32(totals[i] * float64(values[i%len(values)]))
	}
}

var one = []float32{1}
