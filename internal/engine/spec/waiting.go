package spec

import "ann2snn/snn"

// waitingFloat is the neuron that waits for all steps of its inputs: the membrane potential
// is then rounded once, to 0..T*Q levels, which are emitted in spikes as large as possible.
type waitingFloat struct {
	rateFloat
	steps float32
}

// waitingInt is waitingFloat on integers.
type waitingInt struct {
	rateInt
	steps int32
}

func newWaitingFloat(g integrator[float32], n *snn.Network, _ *snn.Layer) rule[float32] {
	return &waitingFloat{rateFloat{g}, float32(n.Steps)}
}

func newWaitingInt(g integrator[int32], n *snn.Network, _ *snn.Layer) rule[int32] {
	return &waitingInt{rateInt{g}, int32(n.Steps)}
}

func (w *waitingFloat) remember(s *state[float32], size int) {
	w.rateFloat.remember(s, size)
	s.emitted = make([]float32, size)
}

func (w *waitingInt) remember(s *state[int32], size int) {
	w.rateInt.remember(s, size)
	s.emitted = make([]int32, size)
}

func (w *waitingFloat) gain(current []float32, s *state[float32]) {
	n := len(w.theta)
	for at := 0; at < len(current); at += n {
		in, v := current[at:][:n], s.membrane[at:][:n]
		for ch, inverse := range w.theta {
			v[ch] += float32(in[ch] * inverse)
		}
	}
}

func (w *waitingInt) gain(current []int32, s *state[int32]) {
	for i, x := range current {
		s.membrane[i] += x
	}
}

func (w *waitingFloat) fire(dst, _ []float32, s *state[float32], t int) (saturated int64) {
	if t == 1 {
		saturated = w.round(s)
	}
	emitFrom(dst, s.emitted, w.q)
	return saturated
}

func (w *waitingInt) fire(dst, _ []int32, s *state[int32], t int) (saturated int64) {
	if t == 1 {
		saturated = w.round(s)
	}
	emitFrom(dst, s.emitted, w.q)
	return saturated
}

// round sets emitted to the levels that are to be emitted, and takes them off the
// membrane.
func (w *waitingFloat) round(s *state[float32]) (saturated int64) {
	low, most := w.steps*w.low(), w.steps*w.q
	for i, x := range s.membrane {
		k := floorFloat(x, low, most)
		if x >= most+1 || low < 0 && x < low {
			saturated++
		}
		s.emitted[i], s.membrane[i] = k, x-k
	}
	return saturated
}

func (w *waitingInt) round(s *state[int32]) (saturated int64) {
	low, most, n := w.steps*w.low(), w.steps*w.q, len(w.theta)
	for i, x := range s.membrane {
		theta := w.theta[i%n]
		k := floorInt(x, w.share[i%n], low, most)
		rest := x - k*theta
		if rest >= theta || low < 0 && rest < 0 {
			saturated++
		}
		s.emitted[i], s.membrane[i] = k, rest
	}
	return saturated
}

// emitFrom emits as much of the levels that are left as a spike can carry.
func emitFrom[S number](dst, left []S, q S) {
	for i, k := range left {
		dst[i] = max(-q, min(k, q))
		left[i] = k - dst[i]
	}
}

// waitingIncrement is the neuron of the other activations that waits for all its inputs.
type waitingIncrement[S number] struct {
	increment[S]
	steps float64
}

func (w *waitingIncrement[S]) remember(s *state[S], size int) {
	s.membrane, s.emitted = make([]S, size), make([]S, size)
}

func (w *waitingIncrement[S]) gain(current []S, s *state[S]) {
	for i, x := range current {
		s.membrane[i] += x
	}
}

func (w *waitingIncrement[S]) fire(dst, _ []S, s *state[S], t int) (saturated int64) {
	if t == 1 {
		saturated = w.round(s)
	}
	emitFrom(dst, s.emitted, S(w.q))
	return saturated
}

func (w *waitingIncrement[S]) round(s *state[S]) (saturated int64) {
	for i, x := range s.membrane {
		k := w.target(x, i%len(w.unit), w.steps)
		held := hold(k, w.steps*w.q)
		if held != k {
			saturated++
		}
		s.emitted[i] = S(held)
	}
	return saturated
}
