package runtime

import "ann2snn/internal/kernels/u8"

// Layers that the kernels on bytes do not cover are computed as the engine for integers
// does it, from levels spread out to 32 bits.

// addGeneric adds the stage of a layer that kernels on bytes do not cover.
func (p *planner8) addGeneric(i int) {
	l := &p.net.Layers[i]
	steady := true
	for _, from := range l.In {
		steady = steady && p.constant[from]
	}
	s := &genericStage{layer: i, op: compileOp(p.net, l, steady, &integers), steady: steady}
	if l.Neuron != nil {
		s.neuron = intNeuron(p.net, l)
	}
	p.add(i, s, l.In, i)
}

// addNeurons adds the stage that fires the neurons of layer i on a store of currents.
func (p *planner8) addNeurons(i, sums int) {
	p.add(i, &neuronStage{layer: i, sums: sums, neuron: intNeuron(p.net, &p.net.Layers[i])}, []int{sums}, i)
}

// genericStage computes a layer on integers of 32 bits.
type genericStage struct {
	layer  int
	op     op[int32]
	neuron neuron[int32]
	steady bool
}

// genericJob is a genericStage of a session.
type genericJob struct {
	*genericStage
	firing
	in     [][]int32
	moment moment[int32]
	halo   halo
}

func (s *genericStage) bind(e *engine8) job {
	j := &genericJob{genericStage: s, firing: newFiring(e, s.layer, s.neuron), halo: e.haloOf(s.layer)}
	for _, from := range e.net.Layers[s.layer].In {
		j.in = append(j.in, make([]int32, e.net.Layers[from].Shape.Len()))
	}
	if op, ok := s.op.(remembering[int32]); ok {
		op.remember(&j.cell)
	}
	j.moment = moment[int32]{cell: &j.cell}
	return j
}

func (j *genericJob) parts() int { return 1 }

func (j *genericJob) begin() {
	j.halo.clear()
	j.firing.begin()
}

func (j *genericJob) run(*u8.Worker, int) {
	e, layer := j.e, j.layer
	for step := range e.stores[layer].steps {
		if step == 0 || !j.steady || e.later() {
			for k, from := range e.net.Layers[layer].In {
				e.spread(j.in[k], from, step)
			}
			j.moment.biased = step == 0 || !e.later()
			j.op.step(j.current, j.in, &j.moment)
		}
		j.drive(step)
	}
	j.finish()
}

// neuronStage fires neurons on stored currents.
type neuronStage struct {
	layer, sums int
	neuron      neuron[int32]
}

// neuronJob is a neuronStage of a session.
type neuronJob struct {
	firing
	sums int
	halo halo
}

func (s *neuronStage) bind(e *engine8) job {
	return &neuronJob{firing: newFiring(e, s.layer, s.neuron), sums: s.sums, halo: e.haloOf(s.layer)}
}

func (j *neuronJob) parts() int { return 1 }

func (j *neuronJob) begin() {
	j.halo.clear()
	j.firing.begin()
}

func (j *neuronJob) run(*u8.Worker, int) {
	e := j.e
	for step := range e.net.Steps {
		if step == 0 || step < e.stores[j.sums].steps || e.later() {
			e.spread(j.current, j.sums, step)
		}
		j.drive(step)
	}
	j.finish()
}

// firing turns the currents of a layer into what it puts out: by its neurons, if any.
type firing struct {
	e       *engine8
	to      int // the layer
	rule    neuron[int32]
	waiting patient[int32] // the rule, if it waits for all steps of the current
	cell    cell[int32]
	current []int32 // of the step at work
	levels  []int32
}

func newFiring(e *engine8, layer int, rule neuron[int32]) firing {
	size := e.net.Layers[layer].Shape.Len()
	f := firing{e: e, to: layer, rule: rule, current: make([]int32, size)}
	if rule != nil {
		f.waiting, _ = rule.(patient[int32])
		rule.remember(&f.cell, size)
		f.levels = make([]int32, size)
	}
	return f
}

func (f *firing) begin() {
	clear(f.cell.totals)
	clear(f.cell.best)
	clear(f.cell.emitted)
	f.cell.saturated = 0
	if f.rule != nil {
		f.rule.reset(&f.cell)
	}
}

// drive puts out what comes of the current of a step, from 0.
func (f *firing) drive(step int) {
	switch {
	case f.rule == nil:
		f.e.gather(f.to, step, f.current)
	case f.waiting != nil:
		f.waiting.gain(f.current, &f.cell)
	default:
		f.fire(step)
	}
}

// finish puts out what was waiting for the last current.
func (f *firing) finish() {
	for step := 0; f.waiting != nil && step < f.e.net.Steps; step++ {
		f.fire(step)
	}
}

func (f *firing) fire(step int) {
	f.cell.saturated += f.rule.fire(f.levels, f.current, &f.cell, step+1)
	f.e.gather(f.to, step, f.levels)
}

func (f *firing) saturated() int64 { return f.cell.saturated }

// spread sets dst to what a store holds of a step (from 0), in H, W, C order.
func (e *engine8) spread(dst []int32, from, step int) {
	s := &e.stores[from]
	if step >= s.steps {
		if e.later() {
			clear(dst)
			return
		}
		step = 0
	}
	if !s.wide {
		e.spreadLevels(dst, s, e.levels(from)[step*s.levels.Len():])
		return
	}
	src := e.integers(from)[step*s.size():]
	for ; len(dst) > 0; dst, src = dst[s.shape.C:], src[s.stride:] {
		if s.lanes == nil {
			copy(dst[:s.shape.C], src)
			continue
		}
		for c, lane := range s.lanes {
			dst[c] = src[lane]
		}
	}
}

func (e *engine8) spreadLevels(dst []int32, s *store, src []uint8) {
	width := s.shape.C
	for y := range s.shape.H {
		row := src[s.levels.Offset(y, 0):]
		for x := range s.shape.W {
			for c, b := range row[x*s.levels.Pixel():][:width] {
				dst[c] = int32(b) - s.zero
			}
			dst = dst[width:]
		}
	}
}

// gather stores a step (from 0) of values in H, W, C order.
func (e *engine8) gather(to, step int, values []int32) {
	s := &e.stores[to]
	if s.wide {
		dst := e.integers(to)[step*s.size():]
		for ; len(values) > 0; dst, values = dst[s.stride:], values[s.shape.C:] {
			copy(dst[:s.shape.C], values)
		}
		return
	}
	dst := e.levels(to)[step*s.levels.Len():]
	width := s.shape.C
	for y := range s.shape.H {
		row := dst[s.levels.Offset(y, 0):]
		for x := range s.shape.W {
			pixel := row[x*s.levels.Pixel():][:width]
			for c := range pixel {
				pixel[c] = uint8(values[c] + s.zero)
			}
			values = values[width:]
		}
	}
}
