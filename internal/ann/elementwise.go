package ann

// mapEach makes the step that applies f to every element of the first input.
func (n *node) mapEach(f func(x float32) float32) (step, error) {
	n.allowOverwrite(0)
	n.out[0].interleaved = n.in[0].interleaved
	out, in := n.out[0], n.in[0]
	return func(m *memory) error {
		dst := out.floats(m)
		for i, x := range in.floats(m) {
			dst[i] = f(x)
		}
		return nil
	}, nil
}

// mapDouble is mapEach for a function computed in double precision.
func (n *node) mapDouble(f func(x float64) float64) (step, error) {
	return n.mapEach(func(x float32) float32 { return float32(f(float64(x))) })
}
