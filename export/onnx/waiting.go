package onnx

import (
	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
)

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
		g.left = g.node("all", "Clip", []string{g.levels(g.membrane), g.scalar(steps * g.low), g.scalar(steps * g.q)})
	}
	return g.emit(g.writer, g.q, t)
}

// queue is what is left to be emitted.
type queue struct{ left string }

// emit emits as much as a spike can carry.
func (u *queue) emit(w *writer, q float32, t int) string {
	spikes := w.node("spikes", "Clip", []string{u.left, w.scalar(-q), w.scalar(q)})
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
		y := r.clip("all", r.target(r.membrane, steps), -steps*r.q, steps*r.q)
		r.left = r.node("float", "Cast", []string{y}, onnxfile.Type("to", pb.TensorProto_FLOAT))
	}
	return r.emit(r.writer, float32(r.q), t)
}
