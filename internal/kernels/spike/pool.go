package spike

import "ann2snn/snn"

// SumPool sets dst to the sums of the levels in every window of src, channel by
// channel, in the order kernel row, column. w may end the work.
func SumPool[S Level](dst, src []S, in, out snn.Shape, window *snn.Window, w *Watch) {
	clear(dst)
	forWindows(in, out, window, w, func(o, i, _ int) {
		acc, pixel := dst[o:][:out.C], src[i:][:out.C]
		for c, k := range pixel {
			acc[c] += k
		}
	})
}

// MaxPool sets dst to the maxima of every window of src, channel by channel. Padding
// is never the maximum. Every window must cover a pixel of src; src holds no NaN. w may end
// the work.
func MaxPool[S Level | float64](dst, src []S, in, out snn.Shape, window *snn.Window, w *Watch) {
	last := -1
	forWindows(in, out, window, w, func(o, i, _ int) {
		best, pixel := dst[o:][:out.C], src[i:][:out.C]
		if o != last {
			last = o
			copy(best, pixel)
			return
		}
		for c, k := range pixel {
			if k > best[c] {
				best[c] = k
			}
		}
	})
}
