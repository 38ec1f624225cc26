//go:build !purego

package kernels

// prepare fills in what is the same for all rows of a panel.
func (t *fire8Tile) prepare(call *Call8, p *panel8) {
	f := call.Fire
	*t = fire8Tile{
		sumsStride: int64(64 * p.vecs), mask: p.mask(),
		mul: &f.mul[p.lane], add: &f.add[p.lane], theta: &f.theta[p.lane],
		rho: int64(call.Time.Rho), zero: int64(-f.lo), top: int64(f.hi - f.lo),
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
	t.resOff = t.outOff // read even if it does not matter
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

func fireAVX512(w *Worker8, r *rows8) {
	t := &w.conv.fire
	t.aim(r)
	switch {
	case t.v == nil:
		fire8AVX512[r.panel.vecs][0](t)
	case t.n == nil:
		integrate8AVX512[r.panel.vecs][0](t)
	default:
		restim8AVX512[r.panel.vecs][0](t)
	}
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
	switch {
	case t.v == nil:
		fire8AVX2[r.panel.vecs][0](t)
	case t.n == nil:
		integrate8AVX2[r.panel.vecs][0](t)
	default:
		restim8AVX2[r.panel.vecs][0](t)
	}
	if r.panel.whole() {
		return
	}
	for i := range r.rows {
		out := r.call.Dst[r.step*r.call.Conv.out.Len()+int(r.call.Conv.outOff[r.first+i])+r.panel.channel:]
		copy(out[:r.panel.channels], aside.ragged[width*i:])
	}
}
