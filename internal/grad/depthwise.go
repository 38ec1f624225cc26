package grad

// depthwise is a convolution in which every channel has a filter of its own.
type depthwise struct {
	windows
	weights, bias *parameter
}

// byTap sets dst to weights with a row per tap instead of one per channel.
func (d *depthwise) byTap(dst, weights []float32) []float32 {
	dst = grow(dst, len(weights))
	taps := len(weights) / d.in.C
	for i, w := range weights {
		dst[i%taps*d.in.C+i/taps] = w
	}
	return dst
}

func (d *depthwise) forward(dst []float32, in [][]float32, biased bool, s *Session) {
	clear(dst)
	if biased {
		addBias(dst, d.bias.Data)
	}
	s.filters = d.byTap(s.filters, d.weights.Data)
	c := d.in.C
	d.taps(func(pixel, tap, at int) {
		mulAdd(dst[pixel*c:][:c], s.filters[tap*c:], in[0][at:])
	})
}

func (d *depthwise) backward(dout []float32, in, din [][]float32, s *Session) {
	c := d.in.C
	if d.bias.place >= 0 {
		addRows(s.Grads[d.bias.place], dout)
	}
	if d.weights.place >= 0 {
		s.filters = zeroed(s.filters, len(d.weights.Data))
		d.taps(func(pixel, tap, at int) {
			mulAdd(s.filters[tap*c:][:c], dout[pixel*c:], in[0][at:])
		})
		taps, grads := len(s.filters)/c, s.Grads[d.weights.place]
		for i := range grads {
			grads[i] += s.filters[i%taps*c+i/taps]
		}
	}
	if din[0] == nil {
		return
	}
	s.filters = d.byTap(s.filters, d.weights.Data)
	d.taps(func(pixel, tap, at int) {
		mulAdd(din[0][at:][:c], s.filters[tap*c:], dout[pixel*c:])
	})
}

// mulAdd adds the products of a and b to dst.
func mulAdd(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] += float32(a[i] * b[i])
	}
}
