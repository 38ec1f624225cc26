package spec

import (
	"context"
	"slices"
	"strconv"

	"ann2snn/internal/engine"
	"ann2snn/internal/facts"
	"ann2snn/internal/kernels/spike"
)

// session is the state of a run. Layers run one after the other, each through all steps,
// so that a layer's weights stay in the cache.
type session[S number] struct {
	*Program[S]
	cells   []cell[S]
	in      [][]S // of the step at work
	acc     []S   // current of the layer at work
	zeros   []S
	totals  []float64 // of the layer being decoded
	refines bool
	events  spike.Events[S]
	watch   spike.Watch
	flow    flow[S]
	beyond  bool            // the layer at work left the numbers of its arithmetic
	counter *engine.Counter // nil unless the session counts
}

// cell is what a session holds of a layer.
type cell[S number] struct {
	out     []S         // of all steps, or of one where all are alike
	neurons *Neurons[S] // nil without
	pool    state[S]    // of operators that remember
}

// SessionBytes is about what a session that holds the output of every layer of a part takes.
func SessionBytes(f *facts.Network, s *engine.Subnet) int64 {
	const element, working = 4, 4 * 16 // bytes: of an output, and of what a layer at work takes besides
	total, largest := int64(0), 0
	for i := range f.Layers {
		if !s.Holds(i) {
			continue
		}
		size, steps := f.Layers[i].Shape.Len(), f.Steps
		if f.Facts[i].Constant {
			steps = 1
		}
		largest = max(largest, size)
		total += int64(element) * int64(size) * int64(steps)
		if f.Layers[i].Neuron != nil {
			total += 2 * element * int64(size)
		}
	}
	return total + working*int64(largest)
}

// NewSession returns a session that holds the output of every layer.
func (p *Program[S]) NewSession(count bool) engine.Tracer {
	e := &session[S]{
		Program: p,
		cells:   make([]cell[S], len(p.layers)),
		in:      make([][]S, p.inputs),
		acc:     make([]S, p.largest),
		zeros:   make([]S, p.largest),
		totals:  make([]float64, p.largest),
		refines: p.facts.Refines(),
	}
	e.flow.session = e
	if count {
		e.counter = engine.NewCounter(p.facts)
	}
	for i := range e.cells {
		if p.subnet.Holds(i) {
			e.cells[i] = p.newCell(i)
		}
	}
	return e
}

func (p *Program[S]) newCell(i int) (c cell[S]) {
	l, steps := &p.layers[i], p.facts.Steps
	if p.facts.Facts[i].Constant {
		steps = 1
	}
	c.out = make([]S, steps*l.size)
	if op, ok := l.op.(remembering[S]); ok {
		op.remember(&c.pool)
	}
	if l.rule != nil {
		c.neurons = newNeurons(l.rule, l.size)
	}
	return c
}

func (e *session[S]) Run(ctx context.Context) error { return e.Resume(ctx, 0, len(e.layers)) }

func (e *session[S]) Close() {}

func (e *session[S]) Resume(ctx context.Context, from, to int) error {
	e.watch.Begin(ctx)
	e.beyond = false
	for i := from; i < to; i++ {
		if err := ctx.Err(); err != nil {
			return engine.Stopped(&e.facts.Layers[i], err)
		}
		if !e.subnet.Runs[i] {
			continue
		}
		e.runLayer(i)
		if err := e.watch.Err(); err != nil {
			return engine.Stopped(&e.facts.Layers[i], err)
		}
		if e.beyond { // neurons would make levels of it that mean nothing
			return engine.Fail("the numbers in layer "+strconv.Quote(e.facts.Layers[i].Name)+" grow beyond float32 (try samples of the size that the network was converted on)", nil)
		}
		if e.counter != nil {
			engine.Count(e.counter.Tallies[i], e.cells[i].out)
		}
	}
	return nil
}

func (e *session[S]) Load(sample []float32) error {
	dst := e.cells[0].out
	for i, x := range sample {
		if d := x - x; d != 0 { // NaN or infinite
			return engine.Fail("element "+strconv.Itoa(i)+" of the sample is not a finite number", nil)
		}
		place := e.facts.InputIndex(i)
		dst[place] = e.quantise(x, place)
	}
	return nil
}

// runLayer runs all steps of a layer.
func (e *session[S]) runLayer(i int) {
	l, c := &e.layers[i], &e.cells[i]
	clear(c.pool.totals)
	clear(c.pool.best)
	clear(c.pool.sums)
	e.flow.layer = i
	e.flow.moment = moment[S]{state: &c.pool, events: &e.events, watch: &e.watch}
	if c.neurons == nil {
		for t := 1; t <= len(c.out)/l.size; t++ {
			e.flow.operate(e.flow.Output(t), t)
		}
		return
	}
	c.neurons.Run(e.facts.Steps, &e.flow)
	if e.counter != nil {
		e.counter.Saturated[i] = c.neurons.Saturated
	}
}

// flow brings a layer its currents and takes its levels.
type flow[S number] struct {
	*session[S]
	layer  int
	moment moment[S]
}

// Current computes the current of step t; where the inputs are constant, that of step 1
// holds in all, or is zero in later ones if the network refines.
func (f *flow[S]) Current(t int) []S {
	current := f.acc[:f.layers[f.layer].size]
	switch {
	case t == 1 || !f.facts.Facts[f.layer].Steady:
		f.operate(current, t)
	case f.refines:
		clear(current)
	}
	return current
}

// Output returns the place of the levels of step t.
func (f *flow[S]) Output(t int) []S {
	size := f.layers[f.layer].size
	return f.cells[f.layer].out[(t-1)*size:][:size]
}

// Done has nothing to do.
func (f *flow[S]) Done(int) {}

// operate sets dst to what the layer's operator makes of step t.
func (f *flow[S]) operate(dst []S, t int) {
	in := f.facts.Layers[f.layer].In
	for k, from := range in {
		f.in[k] = f.output(from, t)
	}
	f.moment.step, f.moment.biased = t, t == 1 || !f.refines
	f.layers[f.layer].op.step(dst, f.in[:len(in)], &f.moment)
	f.beyond = f.beyond || f.finite != nil && !f.finite(dst)
}

// output returns the output of layer i in step t.
func (e *session[S]) output(i, t int) []S {
	size, c := e.layers[i].size, &e.cells[i]
	switch {
	case !e.facts.Facts[i].Constant:
		return c.out[(t-1)*size:][:size]
	case t > 1 && e.refines:
		return e.zeros[:size]
	}
	return c.out
}

func (e *session[S]) Count(dst []engine.Counts) { e.counter.Counts(dst) }

func (e *session[S]) Play(layer int, r engine.Recording) bool {
	out, ok := any(e.cells[layer].out).([]float32)
	return ok && len(r.Floats) == len(out) && copy(out, r.Floats) == len(out)
}

func (e *session[S]) Record(layer int) engine.Recording {
	out, _ := any(e.cells[layer].out).([]float32)
	return engine.Recording{Floats: slices.Clone(out)}
}
