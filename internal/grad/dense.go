package grad

// dense connects all elements of its input to all outputs.
type dense struct{ weights, bias *parameter }

func (d *dense) forward(dst []float32, in [][]float32, biased bool, _ *Session) {
	fan := len(in[0])
	for o := range dst {
		dst[o] = dot(d.weights.Data[o*fan:][:fan], in[0])
	}
	if biased {
		addTo(dst, d.bias.Data)
	}
}

func (d *dense) backward(dout []float32, in, din [][]float32, s *Session) {
	fan := len(in[0])
	if d.bias.place >= 0 {
		addTo(s.Grads[d.bias.place], dout)
	}
	for o, g := range dout {
		if g == 0 {
			continue
		}
		if d.weights.place >= 0 {
			scaleAdd(s.Grads[d.weights.place][o*fan:][:fan], in[0], g)
		}
		if din[0] != nil {
			scaleAdd(din[0], d.weights.Data[o*fan:], g)
		}
	}
}

// dot returns the sum of the products of a and b, as eight sums that are added at the end.
func dot(a, b []float32) float32 {
	var sums [8]float32
	b = b[:len(a)]
	for len(a) >= 8 {
		x, y := (*[8]float32)(a), (*[8]float32)(b)
		for i := range sums {
			sums[i] += float32(x[i] * y[i])
		}
		a, b = a[8:], b[8:]
	}
	for i := range a {
		sums[i] += float32(a[i] * b[i])
	}
	sum := float32(0)
	for _, x := range sums {
		sum += x
	}
	return sum
}

// scaleAdd adds factor times x to dst.
func scaleAdd(dst, x []float32, factor float32) {
	x = x[:len(dst)]
	for i := range dst {
		dst[i] += float32(x[i] * factor)
	}
}
