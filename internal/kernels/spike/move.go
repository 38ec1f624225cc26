package spike

// Scale adds src times factor to dst. There is one factor for all elements, one
// per channel (the fastest index) or one per element.
//
//nolint:unconvert // converting the products forbids fused multiply-adds, which round differently
func Scale[S Level](dst, src, factor []S) {
	n := len(factor)
	if n == 1 {
		f := factor[0]
		dst = dst[:len(src)]
		for i, k := range src {
			dst[i] += S(k * f)
		}
		return
	}
	for ; len(src) >= n; dst, src = dst[n:], src[n:] {
		d, s := dst[:n], src[:n]
		for c, f := range factor {
			d[c] += S(s[c] * f)
		}
	}
}

// Gather sets dst[i] to src[index[i]], or to 0 where the index is negative.
func Gather[S Level](dst, src []S, index []int32) {
	dst = dst[:len(index)]
	for i, from := range index {
		if from < 0 {
			dst[i] = 0
			continue
		}
		dst[i] = src[from]
	}
}

// Concat copies src, a map of channels, into the channels from offset on of dst, a
// map of width channels of as many pixels.
func Concat[S Level](dst, src []S, width, offset, channels int) {
	for i, o := 0, offset; i < len(src); i, o = i+channels, o+width {
		copy(dst[o:][:channels], src[i:][:channels])
	}
}

// FillRows sets every row of dst to row; len(dst) is a multiple of len(row).
func FillRows[S Level](dst, row []S) {
	for ; len(dst) >= len(row); dst = dst[len(row):] {
		copy(dst, row)
	}
}
