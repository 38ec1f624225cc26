package onnx

// waiting is the neuron that waits for all its inputs: what the membrane holds then is
// rounded once, and goes out in spikes as full as possible.
type waiting struct {
	integrator
	queue
}

func (g *waiting) gain(current string) {
	if g.membrane == "" {
		g.membrane = g.half
	}
	g.membrane = g.plus("membrane", g.membrane, current)
}

func (g *waiting) fire(_ string, t int) string {
	if t == 1 {
		steps := float32(g.net.Steps)
		g.left = g.node("all", "Clip", []string{g.levels(g.membrane), g.number(steps * g.low), g.number(steps * g.q)})
	}
	return g.emit(g.writer, g.number(-g.q), g.number(g.q), t)
}

// queue is what is left to be emitted.
type queue struct{ left string }

// emit emits as much as a spike can carry.
func (u *queue) emit(w *writer, low, high string, t int) string {
	spikes := w.node("spikes", "Clip", []string{u.left, low, high})
	if t < w.net.Steps {
		u.left = w.node("left", "Sub", []string{u.left, spikes})
	}
	return spikes
}

// waitingIncrement is the neuron of the other activations that waits for all its inputs.
type waitingIncrement struct {
	increment
	queue
}

func (r *waitingIncrement) gain(current string) {
	r.membrane = r.plus("membrane", r.membrane, current)
}

func (r *waitingIncrement) fire(_ string, t int) string {
	if t == 1 {
		steps := float64(r.net.Steps)
		r.left = r.clip("all", r.target(r.membrane, steps), -steps*r.q, steps*r.q)
	}
	return r.emit(r.writer, r.double(-r.q), r.double(r.q), t)
}
