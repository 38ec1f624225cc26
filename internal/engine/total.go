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
	channels, pixels := l.Shape.C, l.Shape.H*l.Shape.W
	for p := range pixels {
		from := totals[p*channels:][:channels]
		switch len(values) {
		case 1:
			for c, x := range from {
				dst[c*pixels+p] = float32(x * float64(values[0]))
			}
		case channels:
			for c, x := range from {
				dst[c*pixels+p] = float32(x * float64(values[c]))
			}
		default: // one per element
			for c, x := range from {
				dst[c*pixels+p] = float32(x * float64(values[p*channels+c]))
			}
		}
	}
}

// ValuesAt is Values for some pixels: dst and totals have a row of channels for each.
func ValuesAt(dst []float32, l *snn.Layer, totals []float64, pixels []int) {
	values := l.LevelValue()
	if len(values) == 0 {
		values = one
	}
	channels := l.Shape.C
	for i, p := range pixels {
		for c, x := range totals[i*channels:][:channels] {
			dst[i*channels+c] = float32(x * float64(values[(p*channels+c)%len(values)]))
		}
	}
}

var one = []float32{1}
