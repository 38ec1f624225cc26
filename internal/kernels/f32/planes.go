package f32

// The kernels of this file work on planes: channels one by one, in row-major order, with
// any number of axes.

// MaxPoolPlane writes the largest element of every window of the padded plane x. NaN is
// never larger than anything.
func MaxPoolPlane(out, x []float32, win *Windows) {
	for i := range out {
		from := x[win.Start[i]:]
		best := from[0]
		for _, at := range win.Tap[1:] {
			if v := from[at]; v > best {
				best = v
			}
		}
		out[i] = best
	}
}

// SumPoolPlane writes the sum of every window of the padded plane x, in the order of taps.
func SumPoolPlane(out, x []float32, win *Windows) {
	for i := range out {
		from := x[win.Start[i]:]
		var sum float32
		for _, at := range win.Tap {
			sum += from[at]
		}
		out[i] = sum
	}
}

// MeanPlane returns the mean of x, added up in double precision in order.
func MeanPlane(x []float32) float32 {
	var sum float64
	for _, v := range x {
		sum += float64(v)
	}
	return float32(sum / float64(len(x)))
}

// ConvPlane adds to out the convolution of the padded plane x with one filter w, each
// output in the order of taps:
//
//	for t := range w { out[i] += float32(w[t] * x[win.Start[i]+win.Tap[t]]) }
func ConvPlane(out, x, w []float32, win *Windows) {
	tap := win.Tap[:len(w)]
	for i := 0; i < len(out); {
		if block := win.Start[i:min(i+plainPanel, len(out))]; consecutive(block) {
			convRow((*[plainPanel]float32)(out[i:]), x[block[0]:], w, tap)
			i += plainPanel
			continue
		}
		from, sum := x[win.Start[i]:], out[i]
		for t, at := range tap {
			sum += float32(w[t] * from[at]) // rounded on all processors
		}
		out[i] = sum
		i++
	}
}

// convRow computes plainPanel neighbouring outputs.
func convRow(out *[plainPanel]float32, x, w []float32, tap []int32) {
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
