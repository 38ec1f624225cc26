//go:build !purego

package kernels

import "math/bits"

// prepare fills in what is the same for all rows of a panel.
func (t *fire8Tile) prepare(call *Call8, p *panel8) {
	f := call.Fire
	*t = fire8Tile{
		mask: p.mask(), mul: &f.mul[p.lane], add: &f.add[p.lane], theta: &f.theta[p.lane],
		rho: int64(call.Time.Rho), shift: int64(bits.TrailingZeros32(uint32(call.Time.Rho))),
		zero: int64(-f.lo), top: int64(f.hi - f.lo),
	}
	if call.Res != nil {
		t.mult = &f.mult[p.lane]
	}
}

// aim points t at the rows of a step.
func (t *fire8Tile) aim(r *rows8) {
	call, p := r.call, r.panel
	t.rows, t.sums = int64(r.rows), &r.sums[0]
	t.out = &call.Dst[r.step*call.Conv.out.Len()+p.channel]
	t.outOff = &call.Conv.outOff[r.first]
	if call.Res != nil {
		t.res, t.resOff = &call.Res[r.step*call.ResLen+p.channel], &call.ResOff[r.first]
	}
	if r.v != nil {
		t.v, t.stateStride = &r.v[0], int64(4*r.stride)
	}
	if call.Time.Totals {
		t.n = &r.n[0]
	}
}

// fireKernels are the kernels of a set, by what neurons remember, see Neuron8. Narrow
// ones take thresholds of 15 bits and powers of two for rho.
type fireKernels struct {
	fire                          [5][]func(*fire8Tile) // by a panel's vectors
	integrate, restim             [5][]func(*fire8Tile)
	integrateNarrow, restimNarrow [5][]func(*fire8Tile)
}

var (
	fireKernelsAVX512 = fireKernels{
		fire: fire8AVX512, integrate: integrate8AVX512, restim: restim8AVX512,
		integrateNarrow: integrate8NarrowAVX512, restimNarrow: restim8NarrowAVX512,
	}
	fireKernelsAVX2 = fireKernels{
		fire: fire8AVX2, integrate: integrate8AVX2, restim: restim8AVX2,
		integrateNarrow: integrate8NarrowAVX2, restimNarrow: restim8NarrowAVX2,
	}
)

// run fires the rows that t was aimed at.
func (k *fireKernels) run(t *fire8Tile, r *rows8) {
	vecs := r.panel.vecs
	narrow := r.call.Fire.narrow && bits.OnesCount32(uint32(t.rho)) == 1
	switch {
	case t.v == nil:
		k.fire[vecs][0](t)
	case t.n == nil && narrow:
		k.integrateNarrow[vecs][0](t)
	case t.n == nil:
		k.integrate[vecs][0](t)
	case narrow:
		k.restimNarrow[vecs][0](t)
	default:
		k.restim[vecs][0](t)
	}
}

func fireAVX512(w *Worker8, r *rows8) {
	w.conv.fire.aim(r)
	fireKernelsAVX512.run(&w.conv.fire, r)
}

// fireAVX2 stores groups of 16 levels; where a panel ends within one, aside first.
func fireAVX2(w *Worker8, r *rows8) {
	t, aside := &w.conv.fire, &w.conv
	t.aim(r)
	width := 16 * r.panel.vecs
	if !r.panel.whole() {
		for i := range r.rows {
			aside.raggedOff[i] = int64(i * width)
		}
		t.out, t.outOff = &aside.ragged[0], &aside.raggedOff[0]
	}
	fireKernelsAVX2.run(t, r)
	if r.panel.whole() {
		return
	}
	for i := range r.rows {
		out := r.call.Dst[r.step*r.call.Conv.out.Len()+int(r.call.Conv.outOff[r.first+i])+r.panel.channel:]
		copy(out[:r.panel.channels], aside.ragged[width*i:])
	}
}
