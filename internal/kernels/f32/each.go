package f32

// Clamp sets dst to src between limits. They may be the same.
func (w *Worker) Clamp(dst, src []float32, limits Limits) {
	done := 0
	src = src[:len(dst)]
	if w.set.clamp != nil {
		done = w.set.clamp(w, dst, src, limits)
	}
	for i := done; i < len(dst); i++ {
		dst[i] = limits.bound(src[i])
	}
}

// Add sets dst to a+b between limits. dst may be either.
func (w *Worker) Add(dst, a, b []float32, limits Limits) {
	done := 0
	a, b = a[:len(dst)], b[:len(dst)]
	if w.set.add != nil {
		done = w.set.add(w, dst, a, b, limits)
	}
	for i := done; i < len(dst); i++ {
		dst[i] = limits.bound(a[i] + b[i])
	}
}

// Pad copies a channel-last map into the middle of a larger one, from row top and
// column left on, and fills what is around it.
func Pad(dst, src []float32, large, small Map, top, left int, value float32) {
	row, from := small.W*small.C, 0
	for y := range small.H {
		at := ((top+y)*large.W + left) * large.C
		fill(dst[from:at], value)
		copy(dst[at:at+row], src[y*row:])
		from = at + row
	}
	fill(dst[from:large.Len()], value)
}

// Transpose transposes a matrix of rows by cols elements: it makes channel-first maps
// channel-last, and back.
func (w *Worker) Transpose(dst, src []float32, rows, cols int) {
	w.set.transpose(dst, src, rows, cols, rows, cols)
}

// transposePlain transposes rows of cols elements. They start fromStep elements apart in
// src, and the columns start toStep elements apart in dst. Blocks of four by four elements
// pass through registers.
func transposePlain(dst, src []float32, rows, cols, toStep, fromStep int) {
	j := 0
	for ; j+4 <= cols; j += 4 {
		i := 0
		for ; i+4 <= rows; i += 4 {
			from, to := src[i*fromStep+j:], dst[j*toStep+i:]
			a, b := (*[4]float32)(from), (*[4]float32)(from[fromStep:])
			c, d := (*[4]float32)(from[2*fromStep:]), (*[4]float32)(from[3*fromStep:])
			*(*[4]float32)(to) = [4]float32{a[0], b[0], c[0], d[0]}
			*(*[4]float32)(to[toStep:]) = [4]float32{a[1], b[1], c[1], d[1]}
			*(*[4]float32)(to[2*toStep:]) = [4]float32{a[2], b[2], c[2], d[2]}
			*(*[4]float32)(to[3*toStep:]) = [4]float32{a[3], b[3], c[3], d[3]}
		}
		for ; i < rows; i++ {
			for k := j; k < j+4; k++ {
				dst[k*toStep+i] = src[i*fromStep+k]
			}
		}
	}
	for ; j < cols; j++ {
		for i := range rows {
			dst[j*toStep+i] = src[i*fromStep+j]
		}
	}
}

// MeanPixels writes the mean of every channel of a channel-last map, added up in double
// precision in order.
func MeanPixels(dst, src []float32) {
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
