package f32

// MaxPool writes the largest element of every window of the padded channel x. NaN is
// never larger than anything.
func MaxPool(out, x []float32, win *Windows) {
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

// SumPool writes the sum of every window of the padded channel x, in the order of taps.
func SumPool(out, x []float32, win *Windows) {
	for i := range out {
		from := x[win.Start[i]:]
		var sum float32
		for _, at := range win.Tap {
			sum += from[at]
		}
		out[i] = sum
	}
}

// Mean is the mean of x, added up in double precision in order.
func Mean(x []float32) float32 {
	var sum float64
	for _, v := range x {
		sum += float64(v)
	}
	return float32(sum / float64(len(x)))
}
