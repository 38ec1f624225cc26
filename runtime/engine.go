package runtime

import (
	"context"
	"strconv"

	"ann2snn/internal/kernels/spike"
	"ann2snn/snn"
)

// engine is the state of a session. Layers run one after the other, each through all
// steps, so that a layer's weights stay in the cache.
type engine[S number] struct {
	*program[S]
	cells   []cell[S]
	in      [][]S // of the step at work
	acc     []S   // current of the layer at work
	zeros   []S
	totals  []float64 // of the layer being decoded
	refine  bool
	moment  moment[S]
	events  spike.Events[S]
	tallies []*tally // of the inputs of the layer being counted
	lines   []int64  // a row and a column of any layer, for counting
}

// cell is the state of a layer.
type cell[S number] struct {
	out       []S       // of all steps, or of one where all are alike
	membrane  []S       // of neurons
	emitted   []S       // running totals of neurons that may take back spikes
	totals    []float64 // running totals that may grow beyond S
	best      []float64 // maxima of totals in the last step and in this one
	tally     *tally    // nil unless the session counts
	saturated int64
}

func newEngine[S number](p *program[S], stats bool) *engine[S] {
	e := &engine[S]{
		program: p,
		cells:   make([]cell[S], len(p.layers)),
		in:      make([][]S, p.inputs),
		acc:     make([]S, p.largest),
		zeros:   make([]S, p.largest),
		totals:  make([]float64, p.largest),
		refine:  p.net.Restim == snn.RestimRefine,
		tallies: make([]*tally, p.inputs),
		lines:   make([]int64, p.lines),
	}
	for i := range e.cells {
		if !p.part.holds(i) {
			continue
		}
		l, c := &p.layers[i], &e.cells[i]
		l.remember(c, p.net.Steps)
		if stats {
			c.tally = newTally(p.net.Layers[i].Shape, l.signal)
		}
	}
	return e
}

// remember gives c the state of the layer.
func (l *layer[S]) remember(c *cell[S], steps int) {
	if l.constant {
		steps = 1
	}
	c.out = make([]S, steps*l.size)
	if op, ok := l.op.(remembering[S]); ok {
		op.remember(c)
	}
	if l.neuron != nil {
		l.neuron.remember(c, l.size)
	}
}

func (e *engine[S]) run(ctx context.Context) error { return e.resume(ctx, 0, len(e.layers)) }

func (e *engine[S]) close() {}

// resume runs the layers from up to, not including, to, as far as they belong to the part.
func (e *engine[S]) resume(ctx context.Context, from, to int) error {
	for i := from; i < to; i++ {
		if err := ctx.Err(); err != nil {
			return fail("stopped at layer "+strconv.Quote(e.net.Layers[i].Name), err)
		}
		if !e.part.runs[i] {
			continue
		}
		e.runLayer(i)
		if c := &e.cells[i]; c.tally != nil {
			countLevels(c.tally, c.out)
		}
	}
	return nil
}

// load puts a sample into the input layer.
func (e *engine[S]) load(sample []float32) error {
	dst := e.cells[0].out
	for i, x := range sample {
		if d := x - x; d != 0 { // NaN or infinite
			return fail("element "+strconv.Itoa(i)+" of the sample is not a finite number", nil)
		}
		dst[e.net.InputIndex(i)] = e.quantise(x)
	}
	return nil
}

// runLayer runs all steps of a layer.
func (e *engine[S]) runLayer(i int) {
	l, c := &e.layers[i], &e.cells[i]
	clear(c.totals)
	clear(c.best)
	e.moment = moment[S]{cell: c, events: &e.events}
	if l.neuron == nil {
		for t := 1; t <= len(c.out)/l.size; t++ {
			e.stepOp(l, c.out[(t-1)*l.size:][:l.size], t)
		}
		return
	}
	clear(c.emitted)
	l.neuron.reset(c)
	c.saturated = 0
	waiting, waits := l.neuron.(patient[S])
	current := e.acc[:l.size]
	for t := 1; t <= e.net.Steps; t++ {
		switch {
		case t == 1 || !l.steady:
			e.stepOp(l, current, t)
		case e.refine:
			clear(current)
		}
		if waits {
			waiting.gain(current, c)
		} else {
			e.fire(l, c, current, t)
		}
	}
	for t := 1; waits && t <= e.net.Steps; t++ {
		e.fire(l, c, nil, t)
	}
}

// fire runs a step of a layer's neurons.
func (e *engine[S]) fire(l *layer[S], c *cell[S], current []S, t int) {
	c.saturated += l.neuron.fire(c.out[(t-1)*l.size:][:l.size], current, c, t)
}

// stepOp computes what the operator of l makes of step t.
func (e *engine[S]) stepOp(l *layer[S], dst []S, t int) {
	for k, from := range l.in {
		e.in[k] = e.emission(from, t)
	}
	e.moment.biased = t == 1 || !e.refine
	l.op.step(dst, e.in[:len(l.in)], &e.moment)
}

// emission returns what layer i puts out in step t.
func (e *engine[S]) emission(i, t int) []S {
	l, c := &e.layers[i], &e.cells[i]
	switch {
	case !l.constant:
		return c.out[(t-1)*l.size:][:l.size]
	case t > 1 && e.refine:
		return e.zeros[:l.size]
	}
	return c.out
}
