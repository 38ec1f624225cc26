package f32

// Depthwise adds to out the convolution of one padded channel x with one filter w, each
// output in the order of taps:
//
//	for t := range w { out[i] += w[t] * x[start[i]+tap[t]] }
func Depthwise(out, x, w []float32, win *Windows) {
	tap := win.Tap[:len(w)]
	for i := 0; i < len(out); {
		if block := win.Start[i:min(i+plainPanel, len(out))]; consecutive(block) {
			depthwiseRow((*[plainPanel]float32)(out[i:]), x[block[0]:], w, tap)
			i += plainPanel
			continue
		}
		from, sum := x[win.Start[i]:], out[i]
		for t, at := range tap {
			sum += w[t] * from[at]
		}
		out[i] = sum
		i++
	}
}

// depthwiseRow computes plainPanel neighbouring outputs.
func depthwiseRow(out *[plainPanel]float32, x, w []float32, tap []int32) {
	lo, hi := loadQuad(out[:4]), loadQuad(out[4:])
	for t, at := range tap {
		y := (*[plainPanel]float32)(x[at:])
		lo, hi = lo.plus(w[t], (*[4]float32)(y[:4])), hi.plus(w[t], (*[4]float32)(y[4:]))
	}
	lo.store(out[:4])
	hi.store(out[4:])
}

// consecutive reports whether start holds plainPanel neighbours; offsets only grow.
func consecutive(start []int32) bool {
	return len(start) == plainPanel && start[plainPanel-1]-start[0] == plainPanel-1
}
