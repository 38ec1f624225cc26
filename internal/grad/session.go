package grad

import (
	"fmt"

	"ann2snn/internal/kernels/f32"
)

// Session computes answers and gradients, one sample at a time. It is for one goroutine.
type Session struct {
	// Grads has the gradient by each of Network.Params. Backward adds to it.
	Grads [][]float32

	net   *Network
	cells []cell
	gemm  *f32.Gemm

	padded, patches, filters []float32 // of the layer at work
	places                   []int32
	firing                   firing
	ins, dins                [][]float32
	current                  []float32
	pooled                   [2][]float32 // running sums of an input of a pool, and maxima
	totals                   [2][]float32 // of the inputs of a product so far
}

// cell is what a session holds of a layer.
type cell struct {
	current []float32 // the total of all steps; of layers with neurons
	out     []float32 // the total of all steps
	grad    []float32 // by out
	steps   [][]float32
	// alive says which steps are not zero throughout, or the same as the first.
	alive []bool
}

// NewSession returns a session.
func (g *Network) NewSession() *Session {
	s := &Session{net: g, cells: make([]cell, len(g.layers)), gemm: f32.NewGemm(g.set)}
	for _, p := range g.Params {
		s.Grads = append(s.Grads, make([]float32, len(p.Data)))
	}
	for i := range g.layers {
		l, c := &g.layers[i], &s.cells[i]
		n := l.shape.Len()
		c.out = make([]float32, n)
		if !l.given {
			c.grad = make([]float32, n)
		}
		if l.neuron != nil {
			c.current = make([]float32, n)
		}
		if g.steps > 1 {
			c.steps, c.alive = make([][]float32, g.steps), make([]bool, g.steps)
			for t := range c.steps {
				c.steps[t] = make([]float32, n)
			}
		}
	}
	return s
}

// Forward computes the output for a sample as the network takes it. The result is valid until
// the next call.
func (s *Session) Forward(sample []float32) ([]float32, error) {
	n := s.net.source
	if len(sample) != len(s.cells[0].out) {
		return nil, fmt.Errorf("grad: a sample has %d elements, want %d", len(sample), len(s.cells[0].out))
	}
	s.load(sample)
	for i := 1; i < len(s.cells); i++ {
		if s.net.steps > 1 {
			s.runSteps(i)
		} else {
			s.run(i)
		}
	}
	return s.cells[n.Output].out, nil
}

// run computes a layer in a single pass.
func (s *Session) run(i int) {
	l, c := &s.net.layers[i], &s.cells[i]
	s.ins = s.ins[:0]
	for _, from := range l.in {
		s.ins = append(s.ins, s.cells[from].out)
	}
	if l.neuron == nil {
		l.op.forward(c.out, s.ins, true, s)
		return
	}
	l.op.forward(c.current, s.ins, true, s)
	l.neuron.fire(c.out, c.current, l.shape.C)
}

// runSteps computes all steps of a layer.
func (s *Session) runSteps(i int) {
	l, c := &s.net.layers[i], &s.cells[i]
	clear(c.out)
	clear(c.current)
	if l.neuron != nil {
		s.firing.begin(l.neuron, len(c.out))
	}
	pool, pools := l.op.(*maxPool)
	for t := range c.steps {
		if pools {
			s.poolStep(pool, i, t)
		} else {
			s.step(i, t)
		}
		for k, x := range c.steps[t] {
			c.out[k] += x * s.net.worth[t]
		}
	}
}

// step computes a step of a layer.
func (s *Session) step(i, t int) {
	l, c := &s.net.layers[i], &s.cells[i]
	refines := s.net.source.Refines()
	s.ins = s.ins[:0]
	alive := t == 0 || !refines
	for _, from := range l.in {
		s.ins = append(s.ins, s.cells[from].steps[t])
		alive = alive || s.cells[from].alive[t]
	}
	current := c.steps[t]
	if l.neuron != nil {
		s.current = grow(s.current, len(c.out))
		current = s.current
	}
	p, grows := l.op.(*product)
	switch {
	case grows:
		s.productStep(p, current, t)
	case alive:
		l.op.forward(current, s.ins, t == 0 || !refines, s)
	default:
		clear(current)
	}
	c.alive[t] = alive || l.neuron != nil
	if l.neuron == nil {
		return
	}
	for k, x := range current {
		c.current[k] += x * s.net.worth[t]
	}
	l.neuron.step(c.steps[t], current, &s.firing, t, l.shape.C)
}

// productStep sets the current of a product to what that of the totals has grown by.
func (s *Session) productStep(p *product, current []float32, t int) {
	for k, in := range s.ins {
		if s.totals[k] = grow(s.totals[k], len(in)); t == 0 {
			clear(s.totals[k])
		}
	}
	p.grow(current, s.ins[0], s.ins[1], &s.totals, s.net.worth[t])
}

// poolStep emits by how much the maxima of the running sums of a pool's input have grown.
func (s *Session) poolStep(p *maxPool, i, t int) {
	in, c := &s.cells[s.net.layers[i].in[0]], &s.cells[i]
	if t == 0 {
		s.pooled[0], s.pooled[1] = zeroed(s.pooled[0], len(in.out)), zeroed(s.pooled[1], len(c.out))
	}
	worth := s.net.worth[t] / s.net.worth[0]
	for k, x := range in.steps[t] {
		s.pooled[0][k] += x * worth
	}
	for k, at := range p.winners(s.pooled[0], s) {
		best := float32(0)
		if at >= 0 {
			best = s.pooled[0][at]
		}
		c.steps[t][k] = (best - s.pooled[1][k]) / worth
		s.pooled[1][k] = best
	}
	c.alive[t] = true
}

// load sets the input layer, rounded as an integer network rounds it.
func (s *Session) load(sample []float32) {
	n, c := s.net.source, &s.cells[0]
	for i, x := range sample {
		place := n.InputIndex(i)
		c.out[place] = s.net.inputValue(x, place)
	}
	for t := range c.steps {
		c.alive[t] = t == 0 || !n.Refines()
		if c.alive[t] {
			copy(c.steps[t], c.out)
		}
	}
}

// Backward adds the gradient of a loss by the parameters, given that by the output, of the
// sample that Forward was last called for.
func (s *Session) Backward(dout []float32) {
	for i := range s.cells {
		clear(s.cells[i].grad)
	}
	copy(s.cells[s.net.source.Output].grad, dout)
	for i := len(s.cells) - 1; i > 0; i-- {
		l, c := &s.net.layers[i], &s.cells[i]
		if l.given {
			continue
		}
		if l.neuron != nil {
			var dlog []float32
			if place := l.neuron.thresholds.place; place >= 0 {
				dlog = s.Grads[place]
			}
			l.neuron.back(c.grad, c.current, c.out, dlog, l.shape.C)
		}
		s.ins, s.dins = s.ins[:0], s.dins[:0]
		for _, from := range l.in {
			s.ins, s.dins = append(s.ins, s.cells[from].out), append(s.dins, s.cells[from].grad)
		}
		l.op.backward(c.grad, s.ins, s.dins, s)
	}
}

// grow returns a slice of n elements, of any content.
func grow[T any](buf []T, n int) []T {
	if cap(buf) < n {
		return make([]T, n)
	}
	return buf[:n]
}

// zeroed returns a slice of n zeros.
func zeroed(buf []float32, n int) []float32 {
	buf = grow(buf, n)
	clear(buf)
	return buf
}
