//go:build (amd64 || arm64) && !purego

package u8

import "ann2snn/internal/kernels/geom"

// firesInTile reports whether the micro-kernels of convolutions turn sums into levels
// themselves.
func (call *Call) firesInTile() bool {
	return call.Sums == nil && call.Time.stateless() && call.Fire.exact && !call.mixes() && call.Cut == nil
}

// firesBy reports whether separate kernels have to turn sums into levels. wholeOnly says
// that the micro-kernels can do so only in panels without gaps.
func (call *Call) firesBy(wholeOnly bool, p *panel) bool {
	return call.Sums == nil && (!call.firesInTile() || wholeOnly && !p.whole() || call.Sparse != nil)
}

// prepare sets the fields that a panel's tiles share, from lane offset of the panel on.
func (t *convTile) prepare(call *Call, p *panel, offset int) {
	c := call.Conv
	*t = convTile{mask: p.mask() >> offset}
	if c.taps != nil {
		t.weights, t.gaps, t.runs = &c.packed[p.weights+offset], &c.taps[0], int64(len(c.taps)/4)
		t.step = int64(c.in.Pixel())
	} else {
		t.weights, t.step = &c.packed[p.weights+4*offset], int64(64*p.vecs)
		t.run, t.gaps, t.runs = int64(c.run), &c.gaps[0], int64(len(c.gaps))
		t.ahead = int64(len(c.gaps) * c.run * 16 * p.vecs)
	}
	if !call.firesInTile() {
		return
	}
	f := call.Fire
	t.mul, t.add, t.top = &f.mul[p.lane+offset], &f.add[p.lane+offset], int64(f.hi-f.lo)
	t.out = &call.Dst[p.channel+offset]
	if call.Res != nil {
		t.res, t.mult = &call.Res[p.channel+offset], &f.mult[p.lane+offset]
	}
}

// aim points the tile at a step of the pixels from pixel on. toWorker stores the sums in
// w.sums.
func (t *convTile) aim(w *Worker, call *Call, p *panel, pixel, step, offset int, toWorker bool) {
	c := call.Conv
	t.in = &call.Src[step*c.in.Len()+p.group]
	if c.taps != nil {
		t.in = &call.Src[step*c.in.Len()+p.group+offset]
	}
	t.bias = &call.bias(step)[p.lane+offset]
	t.inOff, t.pixelAt, t.sumsAt = &c.inOff[pixel], 0, 0
	if call.Sums != nil || toWorker {
		sums, stride := w.place(call, p, pixel, step)
		t.sums, t.sumsStride = &sums[offset], int64(4*stride)
		return
	}
	t.outOff = &c.outOff[pixel]
	if call.Res != nil {
		t.resOff = &call.ResOff[pixel]
	}
}

// runTiles computes n pixels by kernels for tiles of 1, 2, ... pixels.
func (t *convTile) runTiles(kernels []func(*convTile), n int) {
	size, large, small := geom.Tiles(n, len(kernels))
	t.tiles = int64(large)
	kernels[size-1](t)
	if small > 0 {
		t.tiles = int64(small)
		kernels[size-2](t)
	}
}

// summing is how a panel's sums are computed: by kernels, width lanes at a time and at most
// row pixels in a call, or by blocks, which computes all lanes and several steps but does
// not fire.
type summing struct {
	kernels    []func(*convTile)
	width, row int
	blocks     func(w *Worker, call *Call, p *panel, step, steps, from, to int)
}

// convPanel computes a panel. fires says that separate kernels turn sums into levels: then
// it takes one block of pixels after the other through all time steps, and the membrane
// potentials of a block stay in the cache.
func (w *Worker) convPanel(call *Call, part Part, by *summing, fires bool) {
	p := &call.Conv.panels[part.Panel]
	if by.blocks == nil {
		for offset := 0; offset < p.channels; offset += by.width {
			w.conv.tiles[offset/16].prepare(call, p, offset)
		}
	}
	limit := part.To - part.From
	if fires {
		limit = len(w.sums) / (16 * p.vecs * min(call.Time.steps(), stepsTogether))
		w.conv.open(call, p)
	}
	for from := part.From; from < part.To; {
		to := by.end(call.Conv, from, part.To, limit)
		w.convBlock(call, p, by, from, to, fires)
		from = to
	}
}

// end returns where a block of at most limit of the pixels from..to-1 ends. Blocks are
// about equal.
func (by *summing) end(c *Conv, from, to, limit int) int {
	if by.blocks != nil {
		return min(to, c.even.end(from, limit))
	}
	return from + (to-from)/geom.Pieces(to-from, limit)
}

// convBlock computes pixels from..to-1 of a panel in all steps.
func (w *Worker) convBlock(call *Call, p *panel, by *summing, from, to int, fires bool) {
	steps := call.steps()
	together := steps
	if fires {
		w.rows.open(w, call, p, from, to-from, stepsTogether)
		together = min(steps, stepsTogether)
	}
	for step := 0; step < steps; step += together {
		n := min(together, steps-step)
		if fires {
			w.rows.step, w.rows.steps = step, n
		}
		w.sumSteps(call, p, by, step, n, from, to, fires)
		if fires {
			w.fire()
		}
	}
}

// sumSteps computes the currents of some steps.
func (w *Worker) sumSteps(call *Call, p *panel, by *summing, first, n, from, to int, fires bool) {
	inputs := min(first+n, call.Time.Inputs())
	byStep := by.blocks == nil || call.Sparse != nil
	if !byStep && first < inputs {
		by.blocks(w, call, p, first, inputs-first, from, to)
	}
	for step := first; step < inputs; step++ {
		sums, stride := w.place(call, p, from, step)
		if byStep {
			w.sumStep(call, p, by, step, from, to, sums, stride, fires)
		}
		w.mix(call, p, step, from, to-from, sums, stride)
	}
	if call.Time.Input != FirstStep {
		return
	}
	for step := max(first, inputs); step < first+n; step++ {
		sums, _ := w.place(call, p, from, step)
		clear(sums[:(to-from)*16*p.vecs])
	}
}

// sumStep computes the sums of a step.
func (w *Worker) sumStep(call *Call, p *panel, by *summing, step, from, to int, sums []int32, stride int, fires bool) {
	switch e := call.events(step); {
	case e != nil:
		w.sparse(call, p, e, step, from, to, sums, stride)
	case by.blocks != nil:
		by.blocks(w, call, p, step, 1, from, to)
	default:
		w.sumTiles(call, p, step, from, to, by, fires)
	}
}

// sumTiles computes a step of pixels from..to-1.
func (w *Worker) sumTiles(call *Call, p *panel, step, from, to int, by *summing, toWorker bool) {
	for offset := 0; offset < p.channels; offset += by.width {
		t := &w.conv.tiles[offset/16]
		t.aim(w, call, p, from, step, offset, toWorker)
		t.runRows(by.kernels, from, to, by.row)
	}
}

// runRows computes pixels from..to-1, at most those of a row in a call.
func (t *convTile) runRows(kernels []func(*convTile), from, to, row int) {
	for from < to {
		n := min(to-from, row-from%row)
		t.runTiles(kernels, n)
		from += n
	}
}

// fire turns the currents of w.rows into levels.
func (w *Worker) fire() {
	if !w.rows.call.Fire.exact {
		firePlain(w, &w.rows)
		return
	}
	w.set.fire(w, &w.rows)
}
