package u8

import (
	"math/bits"

	"ann2snn/internal/budget"
	"ann2snn/internal/kernels/u8"
	"ann2snn/snn"
)

// mostPlaces bounds the places that the windows of a pool list in a plan. The pools of real
// networks, whose windows are small, list some hundred thousand.
const mostPlaces = 1 << 24

// addMaxPool adds the stage of a MaxPool. Only where there is one step can it pick among
// the levels themselves; otherwise it picks among their running totals.
func (p *planner) addMaxPool(i int, op snn.MaxPool) {
	from := p.Layers[i].In[0]
	in, out := &p.stores[from], &p.stores[i]
	totals := p.picksTotals(i)
	places := budget.Times(p.Layers[i].Shape.H, p.Layers[i].Shape.W, op.Window.Kernel[0], op.Window.Kernel[1])
	if places > mostPlaces || !totals && !p.picksLevels(i) {
		p.addGeneric(i)
		return
	}
	levels, window := in.levels, op.Window
	if in.zero == 0 || totals { // the border holds the smallest level and may take part
		levels, window = padded(levels, &window)
	}
	pool := u8.NewMaxPool(levels, out.levels, window)
	if totals {
		p.add(i, &totalPoolStage{maxPoolStage{i, from, pool, int(places)}}, []int{from}, i)
		return
	}
	p.add(i, &maxPoolStage{i, from, pool, int(places)}, []int{from}, i)
}

// padded counts the padding of a window in as part of the map.
func padded(m u8.Map, w *snn.Window) (u8.Map, snn.Window) {
	top, left, bottom, right := w.Pad[0], w.Pad[1], m.Halo[2], m.Halo[3]
	m.H, m.W = m.H+top+bottom, m.W+left+right
	m.Halo = [4]int{m.Halo[0] - top, m.Halo[1] - left, 0, 0}
	inside := *w
	inside.Pad = [4]int{}
	return m, inside
}

// maxPoolStage picks the largest level of every window.
type maxPoolStage struct {
	layer, from int
	pool        *u8.MaxPool
	places      int // of the input, in all windows
}

// maxPoolJob is a maxPoolStage of a session.
type maxPoolJob struct {
	pool     *u8.MaxPool
	dst, src []uint8
	cuts     int
	halo     halo
}

func (s *maxPoolStage) bind(e *session) job {
	j := &maxPoolJob{pool: s.pool, dst: e.levels(s.layer), src: e.levels(s.from), cuts: 1, halo: e.haloOf(s.layer)}
	pixels := s.pool.Pixels()
	j.cuts = max(1, min(pixels, s.places*e.Layers[s.layer].Shape.C/pieceMACs))
	if e.threads > 1 {
		j.cuts = min(pixels, max(j.cuts, 4*e.threads))
	}
	return j
}

func (j *maxPoolJob) begin() { j.halo.clear() }

func (j *maxPoolJob) parts() int { return j.cuts }

func (j *maxPoolJob) run(w *u8.Worker, part int) {
	n := j.pool.Pixels()
	w.MaxPool(j.pool, j.dst, j.src, n*part/j.cuts, n*(part+1)/j.cuts)
}

// totalPoolStage emits by how much the largest running total of every window has grown.
type totalPoolStage struct{ maxPoolStage }

// totalPoolJob is a totalPoolStage of a session.
type totalPoolJob struct {
	e          *session
	pool       *u8.MaxPool
	in, out    *store
	dst, src   []uint8
	totals     []uint8 // as the input lies
	best, last []uint8 // largest totals in this step and in the one before, as the output lies
	shift      int     // log2 of the ratio between steps
	halo       halo
}

func (s *totalPoolStage) bind(e *session) job {
	in, out := &e.stores[s.from], &e.stores[s.layer]
	return &totalPoolJob{
		e: e, pool: s.pool, in: in, out: out, dst: e.levels(s.layer), src: e.levels(s.from), halo: e.haloOf(s.layer),
		totals: make([]uint8, in.levels.Len()), best: make([]uint8, out.levels.Len()), last: make([]uint8, out.levels.Len()),
		shift: bits.TrailingZeros(uint(e.Rho)),
	}
}

func (j *totalPoolJob) begin() {
	j.halo.clear()
	clear(j.totals)
	clear(j.last)
}

func (j *totalPoolJob) parts() int { return 1 }

func (j *totalPoolJob) run(w *u8.Worker, _ int) {
	in, out := j.in.levels, j.out.levels
	for step := range j.in.steps {
		w.Accumulate(j.totals, j.src[step*in.Len():], j.shift, uint8(-j.in.zero))
		w.MaxPool(j.pool, j.best, j.totals, 0, j.pool.Pixels())
		dst := j.dst[step*out.Len():]
		run, runs := out.W*out.C, 1
		if out.Pixel() != out.C {
			run, runs = out.C, out.W
		}
		for y := range out.H {
			for x := range runs {
				at := out.Offset(y, x)
				w.Growth(dst[at:][:run], j.best[at:], j.last[at:], j.shift, uint8(j.out.zero))
			}
		}
		j.best, j.last = j.last, j.best
	}
}
