package kernels

// ClampF32 sets dst to src between limits. They may be the same.
func (w *WorkerF32) ClampF32(dst, src []float32, limits LimitsF32) {
	done := 0
	src = src[:len(dst)]
	if w.set.clampF32 != nil {
		done = w.set.clampF32(w, dst, src, limits)
	}
	for i := done; i < len(dst); i++ {
		dst[i] = limits.bound(src[i])
	}
}

// AddF32 sets dst to a+b between limits. dst may be either.
func (w *WorkerF32) AddF32(dst, a, b []float32, limits LimitsF32) {
	done := 0
	a, b = a[:len(dst)], b[:len(dst)]
	if w.set.addF32 != nil {
		done = w.set.addF32(w, dst, a, b, limits)
	}
	for i := done; i < len(dst); i++ {
		dst[i] = limits.bound(a[i] + b[i])
	}
}

// PadF32 copies a channel-last map into the middle of a larger one, from row top and
// column left on, and fills what is around it.
func PadF32(dst, src []float32, large, small SpikeMap, top, left int, value float32) {
	row, from := small.W*small.C, 0
	for y := range small.H {
		at := ((top+y)*large.W + left) * large.C
		fill(dst[from:at], value)
		copy(dst[at:at+row], src[y*row:])
		from = at + row
	}
	fill(dst[from:large.Len()], value)
}

// tileF32 is how many rows and columns TransposeF32 moves at a time: few enough that all
// lines of both stay in a first-level cache.
const tileF32 = 16

// TransposeF32 turns a matrix of rows of the given width: it makes channel-first maps
// channel-last, and back.
func TransposeF32(dst, src []float32, rows, cols int) {
	if rows == 1 || cols == 1 {
		copy(dst, src[:rows*cols])
		return
	}
	for i := 0; i < rows; i += tileF32 {
		for j := 0; j < cols; j += tileF32 {
			transposeTile(dst[j*rows+i:], src[i*cols+j:], min(tileF32, rows-i), min(tileF32, cols-j), rows, cols)
		}
	}
}

// transposeTile turns h rows of w elements; rows and cols are the distances from a row of
// dst and of src to the next.
func transposeTile(dst, src []float32, h, w, rows, cols int) {
	for j := range w {
		to, from := dst[j*rows:][:h], src[j:]
		for i := range to {
			to[i] = from[i*cols]
		}
	}
}

// MeanF32 writes the mean of every channel of a channel-last map, added up in double
// precision in order.
func MeanF32(dst, src []float32) {
	channels, pixels := len(dst), len(src)/len(dst)
	c := 0
	for ; c+4 <= channels; c += 4 {
		var s0, s1, s2, s3 float64 // in registers
		for at := c; at+4 <= len(src); at += channels {
			x := (*[4]float32)(src[at:])
			s0, s1, s2, s3 = s0+float64(x[0]), s1+float64(x[1]), s2+float64(x[2]), s3+float64(x[3])
		}
		for i, s := range [4]float64{s0, s1, s2, s3} {
			dst[c+i] = float32(s / float64(pixels))
		}
	}
	for ; c < channels; c++ {
		var sum float64
		for at := c; at < len(src); at += channels {
			sum += float64(src[at])
		}
		dst[c] = float32(sum / float64(pixels))
	}
}
