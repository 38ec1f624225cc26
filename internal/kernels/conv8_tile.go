//go:build (amd64 || arm64) && !purego

package kernels

// firesInTile reports whether the micro-kernels fire themselves.
func (call *Call8) firesInTile() bool {
	return call.Sums == nil && call.Time.stateless() && call.Fire.exact && !call.mixes() && call.Cut == nil
}

// firesBy reports whether the fire kernels have to fire, not the micro-kernels.
func (call *Call8) firesBy(wholeOnly bool, p *panel8) bool {
	return call.Sums == nil && (!call.firesInTile() || wholeOnly && !p.whole() || call.Sparse != nil)
}

// prepare fills in what a panel's tiles share, from its lane offset on.
func (t *conv8Tile) prepare(call *Call8, p *panel8, offset int) {
	c := call.Conv
	*t = conv8Tile{mask: p.mask() >> offset}
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

// aim points the tile at a step of the pixels from pixel on. toWorker asks for the sums
// in w.sums.
func (t *conv8Tile) aim(w *Worker8, call *Call8, p *panel8, pixel, step, offset int, toWorker bool) {
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

// run8 spreads n pixels evenly over tiles, so that none is left over: first tiles of some
// size, then tiles of one pixel less.
func (t *conv8Tile) run8(kernels []func(*conv8Tile), n int) {
	tiles := pieces(n, len(kernels))
	m := pieces(n, tiles)
	t.tiles = int64(n - tiles*(m-1))
	smaller := int64(tiles) - t.tiles
	kernels[m-1](t)
	if smaller > 0 {
		t.tiles = smaller
		kernels[m-2](t)
	}
}

// convPanel computes a panel, width lanes at a time, and no more than a row of that many
// pixels in a call. Where the fire kernels have to fire it goes block by block, each
// through all time steps; the membranes stay in the cache.
func (w *Worker8) convPanel(call *Call8, part Part8, kernels []func(*conv8Tile), width, row int, fires bool) {
	p := &call.Conv.panels[part.Panel]
	for offset := 0; offset < p.channels; offset += width {
		w.conv.tiles[offset/16].prepare(call, p, offset)
	}
	pixels, blocks := part.To-part.From, 1
	if fires {
		blocks = pieces(pixels, blockSums/(16*p.vecs*min(call.Time.steps(), stepsTogether)))
		w.conv.open(call, p)
	}
	from := part.From
	for i := range blocks {
		to := part.From + pixels*(i+1)/blocks
		if fires {
			w.rows.open(w, call, p, from, to-from, stepsTogether)
		}
		for step := range call.steps() {
			if fires && step%stepsTogether == 0 {
				w.rows.step, w.rows.steps = step, min(call.Time.steps()-step, stepsTogether)
			}
			sums, stride := w.place(call, p, from, step)
			switch {
			case step < call.Time.Inputs():
				if e := call.events(step); e != nil {
					w.sparse(call, p, e, step, from, to, sums, stride)
				} else {
					w.sumTiles(call, p, step, from, to, kernels, width, row, fires)
				}
				w.mix(call, p, step, from, to-from, sums, stride)
			case call.Time.Input == FirstStep:
				clear(sums[:(to-from)*16*p.vecs])
			}
			if fires && step+1 == w.rows.step+w.rows.steps {
				w.fire()
			}
		}
		from = to
	}
}

// sumTiles computes a step of pixels from..to-1.
func (w *Worker8) sumTiles(call *Call8, p *panel8, step, from, to int, kernels []func(*conv8Tile), width, row int, toWorker bool) {
	for offset := 0; offset < p.channels; offset += width {
		t := &w.conv.tiles[offset/16]
		t.aim(w, call, p, from, step, offset, toWorker)
		t.runRows(kernels, from, to, row)
	}
}

// runRows computes pixels from..to-1, no more than a row of that many in a call.
func (t *conv8Tile) runRows(kernels []func(*conv8Tile), from, to, row int) {
	for from < to {
		n := min(to-from, row-from%row)
		t.run8(kernels, n)
		from += n
	}
}

// fire fires w.rows.
func (w *Worker8) fire() {
	if !w.rows.call.Fire.exact {
		firePlain(w, &w.rows)
		return
	}
	w.set.fire8(w, &w.rows)
}
