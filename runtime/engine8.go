package runtime

import (
	"context"
	"math"
	"strconv"

	"ann2snn/internal/kernels/u8"
	"ann2snn/internal/par"
	"ann2snn/snn"
)

// job is a stage of a session. Its parts may run side by side once it has begun.
type job interface {
	begin()
	parts() int
	run(w *u8.Worker, part int)
}

// engine8 is the state of a session of a plan8.
type engine8 struct {
	*plan8
	threads int
	bytes   []uint8
	words   []int32
	jobs    []job
	input   *inputJob // nil where the input does not run
	workers []*u8.Worker
	team    *par.Team // nil with one thread
	current job       // at work
	counter *counter  // nil unless the session counts
	totals  []float64 // of the layer being decoded
	level   []int32   // of a step of it
}

func newEngine8(p *plan8, o SessionOptions) *engine8 {
	e := &engine8{plan8: p, threads: max(1, o.Threads)}
	e.bytes = make([]uint8, p.bytes+p.slack())
	e.words = make([]int32, p.words)
	if o.Stats {
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
	if p.part.runs[0] {
		e.input, _ = e.jobs[0].(*inputJob)
	}
	out := 0
	for _, i := range p.part.wanted {
		out = max(out, p.net.Layers[i].Shape.Len())
	}
	e.totals, e.level = make([]float64, out), make([]int32, out)
	return e
}

// slack is how far the slices of parts of wider maps reach beyond the last map.
func (p *plan8) slack() int {
	widest := 0
	for i := range p.stores {
		widest = max(widest, p.stores[i].levels.Pixel())
	}
	return widest + u8.Slack
}

// levels returns the bytes of a store, from its first map on.
func (e *engine8) levels(i int) []uint8 {
	s := &e.stores[i]
	if s.parent >= 0 {
		return e.bytes[e.stores[s.parent].place.At+s.offset:]
	}
	return e.bytes[s.place.At:]
}

// integers returns the integers of a store, from its first map on.
func (e *engine8) integers(i int) []int32 {
	s := &e.stores[i]
	return e.words[s.place.At:][:s.steps*s.size()]
}

func (e *engine8) load(sample []float32) error { return e.input.load(sample) }

func (e *engine8) run(ctx context.Context) error {
	for i, j := range e.jobs {
		if err := ctx.Err(); err != nil {
			return fail("stopped at layer "+strconv.Quote(e.net.Layers[e.layerOf[i]].Name), err)
		}
		e.runJob(j)
		if e.counter != nil {
			e.counter.count(e, i)
		}
	}
	return nil
}

// runJob runs all parts of a job, side by side where there are several.
func (e *engine8) runJob(j job) {
	j.begin()
	parts := j.parts()
	if e.team == nil || parts < 2 {
		for part := range parts {
			j.run(e.workers[0], part)
		}
		return
	}
	e.current = j
	e.team.Do(parts)
}

func (e *engine8) runPart(worker, part int) { e.current.run(e.workers[worker], part) }

// decode works for wanted layers.
func (e *engine8) decode(dst []float32, layer, t int) {
	l := &e.net.Layers[layer]
	values := l.LevelValue()
	if len(values) == 0 {
		values = one
	}
	e.total(layer, t)
	channelsFirst(dst, l.Shape, func(i int) float64 { return e.totals[i] * float64(values[i%len(values)]) })
}

// total sets totals as engine.total returns them.
func (e *engine8) total(layer, t int) {
	e.totals, e.level = e.totals[:e.net.Layers[layer].Shape.Len()], e.level[:e.net.Layers[layer].Shape.Len()]
	clear(e.totals)
	if e.net.Restim == snn.RestimRefine {
		for step := t; step >= 1; step-- {
			e.spread(e.level, layer, step-1)
			for i, k := range e.level {
				e.totals[i] = e.totals[i]/float64(e.net.Rho) + float64(k)
			}
		}
		return
	}
	t = min(t, e.stores[layer].steps)
	for step := range t {
		e.spread(e.level, layer, step)
		for i, k := range e.level {
			e.totals[i] += float64(k)
		}
	}
	for i := range e.totals {
		e.totals[i] /= float64(t)
	}
}

// close lets go of the session's goroutines.
func (e *engine8) close() {
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

// haloOf returns the border of what layer i puts out, or of the map that it is a part of.
func (e *engine8) haloOf(i int) halo {
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
