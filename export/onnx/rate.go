package onnx

// rate is the neuron with soft reset: the membrane starts at half a threshold, gains the
// current, and emits as many levels as it holds.
type rate struct{ integrator }

func (r *rate) fire(current string, t int) string {
	x := r.gained(current, t)
	spikes := r.held(x, r.low)
	r.subtract(x, spikes, t)
	return spikes
}

// gained adds the current of step t to a membrane that starts at half a threshold.
func (g *integrator) gained(current string, t int) string {
	if t == 1 {
		g.membrane = g.half
	}
	return g.plus("membrane", current, g.membrane)
}
