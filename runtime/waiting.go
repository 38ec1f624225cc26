package runtime

import "ann2snn/snn"

// patient neurons gain the currents of all steps before they fire in step 1; fire does
// not look at a current then.
type patient[S number] interface {
	neuron[S]
	gain(current []S, c *cell[S])
}

// waitingFloat is the neuron that waits for all its inputs: what the membrane holds then
// is rounded once, to 0..T*Q levels, and goes out in spikes as full as possible.
type waitingFloat struct {
	rateFloat
	steps float32
}

// waitingInt is waitingFloat on integers.
type waitingInt struct {
	rateInt
	steps int32
}

func newWaitingFloat(g integrator[float32], n *snn.Network) neuron[float32] {
	return &waitingFloat{rateFloat{g}, float32(n.Steps)}
}

func newWaitingInt(g integrator[int32], n *snn.Network) neuron[int32] {
	return &waitingInt{rateInt{g}, int32(n.Steps)}
}

func (w *waitingFloat) remember(c *cell[float32], size int) {
	w.rateFloat.remember(c, size)
	c.emitted = make([]float32, size)
}

func (w *waitingInt) remember(c *cell[int32], size int) {
	w.rateInt.remember(c, size)
	c.emitted = make([]int32, size)
}

func (w *waitingFloat) gain(current []float32, c *cell[float32]) {
	n := len(w.theta)
	for at := 0; at < len(current); at += n {
		in, v := current[at:][:n], c.membrane[at:][:n]
		for ch, inverse := range w.theta {
			v[ch] += float32(in[ch] * inverse)
		}
	}
}

func (w *waitingInt) gain(current []int32, c *cell[int32]) {
	for i, x := range current {
		c.membrane[i] += x
	}
}

func (w *waitingFloat) fire(dst, _ []float32, c *cell[float32], t int) (saturated int64) {
	if t == 1 {
		saturated = w.round(c)
	}
	spend(dst, c.emitted, w.q)
	return saturated
}

func (w *waitingInt) fire(dst, _ []int32, c *cell[int32], t int) (saturated int64) {
	if t == 1 {
		saturated = w.round(c)
	}
	spend(dst, c.emitted, w.q)
	return saturated
}

// round sets emitted to the levels that are to be emitted, and takes them off the
// membrane.
func (w *waitingFloat) round(c *cell[float32]) (saturated int64) {
	low, most := w.steps*w.low(), w.steps*w.q
	for i, x := range c.membrane {
		k := floorFloat(x, low, most)
		if x >= most+1 || low < 0 && x < low {
			saturated++
		}
		c.emitted[i], c.membrane[i] = k, x-k
	}
	return saturated
}

func (w *waitingInt) round(c *cell[int32]) (saturated int64) {
	low, most, n := w.steps*w.low(), w.steps*w.q, len(w.theta)
	for i, x := range c.membrane {
		theta := w.theta[i%n]
		k := floorInt(x, w.share[i%n], low, most)
		rest := x - k*theta
		if rest >= theta || low < 0 && rest < 0 {
			saturated++
		}
		c.emitted[i], c.membrane[i] = k, rest
	}
	return saturated
}

// spend emits as much of what is left as a spike can carry.
func spend[S number](dst, left []S, q S) {
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

func (w *waitingIncrement[S]) remember(c *cell[S], size int) {
	c.membrane, c.emitted = make([]S, size), make([]S, size)
}

func (w *waitingIncrement[S]) gain(current []S, c *cell[S]) {
	for i, x := range current {
		c.membrane[i] += x
	}
}

func (w *waitingIncrement[S]) fire(dst, _ []S, c *cell[S], t int) (saturated int64) {
	if t == 1 {
		saturated = w.round(c)
	}
	spend(dst, c.emitted, S(w.q))
	return saturated
}

func (w *waitingIncrement[S]) round(c *cell[S]) (saturated int64) {
	for i, x := range c.membrane {
		k := w.target(x, i%len(w.unit), w.steps)
		held := hold(k, w.steps*w.q)
		if held != k {
			saturated++
		}
		c.emitted[i] = S(held)
	}
	return saturated
}
