//go:build !purego

package kernels

// prepare points t at a block of sums.
func (t *mix8Tile) prepare(m *mixed8) {
	call := m.call
	*t = mix8Tile{rows: int64(m.rows), sums: &m.sums[0], sumsStride: int64(4 * m.stride)}
	if call.Mult != nil {
		t.mult = &call.Mult[m.panel.lane]
	}
	if call.Offset != nil {
		t.offset = &call.Offset[m.panel.lane]
	}
	if m.plus == nil {
		return
	}
	t.plus, t.plusStride = &m.plus[0], int64(4*call.Conv.Lanes())
	if call.PlusMult != nil {
		t.plusMult = &call.PlusMult[m.panel.lane]
	}
}

func mixAVX512(w *Worker8, m *mixed8) {
	w.conv.mix.prepare(m)
	mix8AVX512[m.panel.vecs][0](&w.conv.mix)
}

func mixAVX2(w *Worker8, m *mixed8) {
	w.conv.mix.prepare(m)
	mix8AVX2[m.panel.vecs][0](&w.conv.mix)
}
