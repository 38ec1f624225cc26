//go:build !purego

package u8

import (
	"math/bits"

	"ann2snn/internal/kernels/geom"
)

// prepare sets the fields that all rows of a panel share.
func (t *fireTile) prepare(call *Call, p *panel) {
	f := call.Fire
	*t = fireTile{
		sumsStride: int64(4 * 16 * p.vecs), mask: p.mask(),
		mul: &f.mul[p.lane], add: &f.add[p.lane], theta: &f.theta[p.lane],
		rho: int64(call.Time.Rho), shift: int64(bits.TrailingZeros32(uint32(call.Time.Rho))),
		zero: int64(-f.lo), top: int64(f.hi - f.lo), drop: int64(-f.lo * (call.Time.Rho - 1)),
		outStep: int64(call.Conv.out.Len()), capsStep: int64(4 * len(f.theta)), minus: -1,
	}
	if call.Res != nil {
		t.mult, t.resStep = &f.mult[p.lane], int64(call.ResLen)
	}
}

// aim points t at some rows.
func (t *fireTile) aim(r *fireRows) {
	call, p := r.call, r.panel
	t.rows, t.steps, t.sumsAt, t.offAt, t.stateAt = int64(r.rows), int64(r.steps), 0, 0, 0
	t.sums, t.sumsStep = &r.sums[0], int64(4*r.sumsStep)
	t.out = &call.Dst[r.step*call.Conv.out.Len()+p.channel]
	t.outOff = &call.Conv.outOff[r.first]
	if call.Res != nil {
		t.res, t.resOff = &call.Res[r.step*call.ResLen+p.channel], &call.ResOff[r.first]
	}
	t.v, t.n, t.stateStride = nil, nil, 0
	if r.v != nil {
		t.v, t.stateStride = &r.v[0], int64(4*r.stride)
	}
	if r.n != nil {
		t.n = &r.n[0]
	}
	if call.Fire.caps != nil {
		t.caps = &call.Fire.caps[(call.Time.Past+r.step)*len(call.Fire.theta)+p.lane]
	}
}

// fireKernels are the fire kernels of a set, by the state of the neurons: none, membrane
// potentials, totals as well, totals with caps. Narrow kernels serve thresholds of at most
// 15 bits and powers of two for Rho. Neither they nor the stateless ones count cut levels.
type fireKernels struct {
	fire                                        [5][]func(*fireTile) // by a panel's vectors
	integrate, restim, capped                   [5][]func(*fireTile)
	integrateNarrow, restimNarrow, cappedNarrow [5][]func(*fireTile)
}

var (
	fireKernelsAVX512 = fireKernels{
		fire: fireTileAVX512, integrate: integrateTileAVX512, restim: restimTileAVX512, capped: cappedTileAVX512,
		integrateNarrow: integrateTileNarrowAVX512, restimNarrow: restimTileNarrowAVX512, cappedNarrow: cappedTileNarrowAVX512,
	}
	fireKernelsAVX2 = fireKernels{
		fire: fireTileAVX2, integrate: integrateTileAVX2, restim: restimTileAVX2, capped: cappedTileAVX2,
		integrateNarrow: integrateTileNarrowAVX2, restimNarrow: restimTileNarrowAVX2, cappedNarrow: cappedTileNarrowAVX2,
	}
)

// run fires the rows that t was aimed at.
func (k *fireKernels) run(t *fireTile, r *fireRows) {
	time := &r.call.Time
	counts := r.call.Cut != nil
	narrow := r.call.Fire.narrow && bits.OnesCount32(uint32(t.rho)) == 1 && !counts
	kernels := &k.capped
	switch {
	case time.stateless() && !counts:
		kernels = &k.fire
	case !time.Totals && narrow:
		kernels = &k.integrateNarrow
	case !time.Totals:
		kernels = &k.integrate
	case t.caps == nil && narrow:
		kernels = &k.restimNarrow
	case t.caps == nil:
		kernels = &k.restim
	case narrow:
		kernels = &k.cappedNarrow
	}
	kernels[geom.Pieces(r.panel.channels, 16)][0](t)
}

func fireAVX512(w *Worker, r *fireRows) {
	w.conv.aim(r)
	fireKernelsAVX512.run(&w.conv.fire, r)
	w.conv.reportCuts(r.call)
}

// aim points the arguments at some rows.
func (a *convArgs) aim(r *fireRows) {
	a.fire.aim(r)
	if r.call.Cut != nil {
		clear(a.cuts[:])
		a.fire.cuts = &a.cuts[0]
	}
}

// reportCuts adds the counts of all lanes to the call's.
func (a *convArgs) reportCuts(call *Call) {
	if call.Cut == nil {
		return
	}
	sum := int64(0)
	for _, n := range a.cuts {
		sum += int64(n)
	}
	call.Cut.Add(sum)
}

// fireAVX2 stores groups of 16 levels. Where a panel ends within a group, it stores them to
// working memory, from where the panel's levels are copied.
func fireAVX2(w *Worker, r *fireRows) {
	a := &w.conv
	t := &a.fire
	a.aim(r)
	defer a.reportCuts(r.call)
	channels := r.panel.channels
	if channels%16 == 0 {
		fireKernelsAVX2.run(t, r)
		return
	}
	width := 16 * geom.Pieces(channels, 16)
	for i := range r.rows {
		a.raggedOff[i] = int64(i * width)
	}
	t.out, t.outOff, t.outStep = &a.ragged[0], &a.raggedOff[0], int64(r.rows*width)
	fireKernelsAVX2.run(t, r)
	t.outStep = int64(r.call.Conv.out.Len())
	for step := range r.steps {
		dst := r.call.Dst[(r.step+step)*r.call.Conv.out.Len()+r.panel.channel:]
		for i := range r.rows {
			copy(dst[r.call.Conv.outOff[r.first+i]:][:channels], a.ragged[(step*r.rows+i)*width:])
		}
	}
}
