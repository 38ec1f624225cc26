package u8

import (
	"context"
	"math"

	"ann2snn/internal/engine"
	"ann2snn/internal/kernels/u8"
	"ann2snn/internal/par"
)

// job is a stage of a session. Its parts may run side by side once it has begun.
type job interface {
	begin()
	parts() int
	run(w *u8.Worker, part int)
}

// session is a session of a Plan.
type session struct {
	*Plan
	threads int
	bytes   []uint8
	words   []int32
	jobs    []job
	input   *inputJob // nil where the input does not run
	workers []*u8.Worker
	team    *par.Team       // nil with one thread
	current job             // at work
	ctx     context.Context // of the run
	counter *counter        // nil unless the session counts
	totals  []float64       // of the layer being decoded
	step    []int32         // of its levels
}

// NewSession returns a session that shares the work on a sample among some threads. With
// more than one it needs to be closed.
func (p *Plan) NewSession(threads int, count bool) engine.Session {
	e := &session{Plan: p, threads: max(1, threads)}
	e.bytes = make([]uint8, p.bytes+p.slack())
	e.words = make([]int32, p.words)
	if count {
		e.counter = newCounter(p)
	}
	for range e.threads {
		e.workers = append(e.workers, u8.NewWorker(p.set))
	}
	if e.threads > 1 {
		e.team = par.NewTeam(e.threads, e.runPart)
	}
	for _, s := range p.stages {
		e.jobs = append(e.jobs, s.bind(e))
	}
	if p.subnet.Runs[0] {
		e.input, _ = e.jobs[0].(*inputJob)
	}
	longest := 0
	for _, i := range p.subnet.Wanted {
		longest = max(longest, p.Layers[i].Shape.Len())
	}
	e.totals, e.step = make([]float64, longest), make([]int32, longest)
	return e
}

// SessionBytes is about what a session takes: its buffers, and what the specification works on
// where kernels do not serve.
func (p *Plan) SessionBytes() int64 {
	const spread = 4 * 8 // bytes of an element that is spread out: input, current, level and state
	total := int64(p.bytes+p.slack()) + 4*int64(p.words)
	for i, s := range p.stages {
		size := p.Layers[p.layerOf[i]].Shape.Len()
		switch s.(type) {
		case genericStage, neuronStage, *totalPoolStage:
			total += spread * int64(size)
			for _, from := range p.Layers[p.layerOf[i]].In {
				total += spread * int64(p.Layers[from].Shape.Len())
			}
		}
	}
	return total
}

// slack is how far the slices of maps that lie in wider ones reach beyond the last map.
func (p *Plan) slack() int {
	widest := 0
	for i := range p.stores {
		widest = max(widest, p.stores[i].levels.Pixel())
	}
	return widest + u8.Slack
}

// levels returns the bytes of a store, from its first map on.
func (e *session) levels(i int) []uint8 {
	s := &e.stores[i]
	if s.parent >= 0 {
		return e.bytes[e.stores[s.parent].place.At+s.offset:]
	}
	return e.bytes[s.place.At:]
}

// integers returns the integers of a store, from its first map on.
func (e *session) integers(i int) []int32 {
	s := &e.stores[i]
	return e.words[s.place.At:][:s.steps*s.size()]
}

func (e *session) Load(sample []float32) error { return e.input.load(sample) }

func (e *session) Run(ctx context.Context) error {
	e.ctx = ctx
	for i, j := range e.jobs {
		if ctx.Err() == nil {
			e.runJob(j)
		}
		if err := ctx.Err(); err != nil { // the layer may not be complete
			return engine.Stopped(&e.Layers[e.layerOf[i]], err)
		}
		if e.counter != nil {
			e.counter.count(e, i)
		}
	}
	return nil
}

// runJob runs all parts of a job, side by side where there are several.
func (e *session) runJob(j job) {
	j.begin()
	parts := j.parts()
	if e.team == nil || parts < 2 {
		for part := 0; part < parts && e.ctx.Err() == nil; part++ {
			j.run(e.workers[0], part)
		}
		return
	}
	e.current = j
	e.team.Do(parts)
}

func (e *session) runPart(worker, part int) {
	if e.ctx.Err() == nil {
		e.current.run(e.workers[worker], part)
	}
}

// Decode works for wanted layers.
func (e *session) Decode(dst []float32, layer, t int) {
	l := &e.Layers[layer]
	totals, levels := e.totals[:l.Shape.Len()], e.step[:l.Shape.Len()]
	engine.Total(totals, e.Network.Network, e.stores[layer].steps == 1, t, func(t int) []int32 {
		e.spread(levels, layer, t-1)
		return levels
	})
	engine.Values(dst, l, totals)
}

// Close ends the session's goroutines.
func (e *session) Close() {
	if e.team != nil {
		e.team.Close()
	}
}

// halo is the border of a map of levels in a session's buffer.
type halo struct {
	levels u8.Map
	zero   uint8
	maps   []uint8
	steps  int
}

// haloOf returns the border of the output of layer i, or of the wider map in which it lies.
func (e *session) haloOf(i int) halo {
	s := &e.stores[i]
	if s.parent >= 0 {
		s = &e.stores[s.parent]
	}
	if s.wide || s.levels.Halo == [4]int{} {
		return halo{}
	}
	return halo{s.levels, uint8(s.zero), e.bytes[s.place.At:], s.steps}
}

// clear sets the border to level 0. Other maps may have lain there before.
func (h *halo) clear() {
	m := &h.levels
	for step := range h.steps {
		buffer := h.maps[step*m.Len():][:m.Len()-u8.Slack]
		start, end := m.Offset(0, 0), m.Offset(m.H-1, m.W)
		fill(buffer[:start], h.zero)
		fill(buffer[end:], h.zero)
		width, row := m.W*m.Pixel(), m.Row()
		for at := start + width; at < end; at += row {
			fill(buffer[at:at+row-width], h.zero)
		}
	}
}

func fill(b []uint8, x uint8) {
	if x == 0 {
		clear(b)
		return
	}
	for w := uint64(x) * (math.MaxUint64 / math.MaxUint8); len(b) >= 8; b = b[8:] {
		b[0], b[1], b[2], b[3] = byte(w), byte(w>>8), byte(w>>16), byte(w>>24) // with the next line one store
		b[4], b[5], b[6], b[7] = byte(w>>32), byte(w>>40), byte(w>>48), byte(w>>56)
	}
	for i := range b {
		b[i] = x
	}
}
