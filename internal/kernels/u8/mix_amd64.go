//go:build !purego

package u8

// prepare points t at a block of sums.
func (t *mixTile) prepare(m *mixRows) {
	call := m.call
	*t = mixTile{rows: int64(m.rows), sums: &m.sums[0], sumsStride: int64(4 * m.stride)}
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

func mixAVX512(w *Worker, m *mixRows) {
	w.conv.mix.prepare(m)
	mixTileAVX512[m.panel.vecs][0](&w.conv.mix)
}

func mixAVX2(w *Worker, m *mixRows) {
	w.conv.mix.prepare(m)
	mixTileAVX2[m.panel.vecs][0](&w.conv.mix)
}
