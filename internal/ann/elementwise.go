package ann

// mapFloats makes the step that applies rows, a function from elements to as many
// elements, to the first input.
func (n *node) mapFloats(rows func(dst, src []float32)) (step, error) {
	n.allowOverwrite(0)
	n.out[0].interleaved = n.in[0].interleaved
	out, in := n.out[0], n.in[0]
	return func(m *memory) error {
		rows(out.floats(m), in.floats(m))
		return nil
	}, nil
}

// mapEach is mapFloats for a function of one element.
func (n *node) mapEach(f func(x float32) float32) (step, error) {
	return n.mapFloats(func(dst, src []float32) {
		for i, x := range src {
			dst[i] = f(x)
		}
	})
}

// mapDouble is mapEach for a function computed in double precision.
func (n *node) mapDouble(f func(x float64) float64) (step, error) {
	return n.mapEach(func(x float32) float32 { return float32(f(float64(x))) })
}
