package ann

import "ann2snn/ir"

// buildQuantize rounds as ONNX Runtime does: the quotient is a float32.
func buildQuantize(op ir.QuantizeLinear, n *node) (step, error) {
	x, out := n.in[0], n.out[0]
	scale, zero := n.scaling(op.Scaling)
	return func(m *memory) error {
		dst := elements[int64](out, m)
		for i, v := range x.floats(m) {
			z := zero(m, i)
			dst[i] = z + int64(toLevel(v/scale(m, i), float64(int64(op.Low)-z), float64(int64(op.High)-z)))
		}
		return nil
	}, nil
}

// scaling returns the scale, input 1, and the zero point, input 2, of each element of input 0.
func (n *node) scaling(s ir.Scaling) (scale func(m *memory, i int) float32, zero func(m *memory, i int) int64) {
	share := func(int) int { return 0 }
	if n.in[1].n > 1 {
		share = s.Share(n.in[0].shape)
	}
	scale = func(m *memory, i int) float32 { return n.in[1].floats(m)[share(i)] }
	points := n.input(2)
	if points == nil {
		return scale, func(*memory, int) int64 { return 0 }
	}
	if points.n == 1 {
		return scale, func(m *memory, _ int) int64 { return elements[int64](points, m)[0] }
	}
	return scale, func(m *memory, i int) int64 { return elements[int64](points, m)[s.Share(n.in[0].shape)(i)] }
}
