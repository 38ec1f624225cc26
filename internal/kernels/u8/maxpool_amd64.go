//go:build !purego

package u8

// prepare points t at a run of pixels.
func (t *maxPoolTile) prepare(m *MaxPool, dst, src []uint8, r innerRun) {
	*t = maxPoolTile{
		in: &src[0], inOff: &m.inOff[r.from], out: &dst[0], outOff: &m.outOff[r.from],
		pixels: int64(r.to - r.from), taps: &m.taps[0], tapsEnd: int64(8 * len(m.taps)),
	}
}

func maxPoolAVX512(w *Worker, m *MaxPool, dst, src []uint8, r innerRun) {
	t := &w.conv.pool
	t.prepare(m, dst, src, r)
	for from := 0; from < m.in.C; from += 64 {
		t.channel, t.mask = int64(from), ^uint64(0)>>(64-min(64, m.in.C-from))
		maxPoolTileAVX512(t)
	}
}

// maxPoolAVX2 leaves channels that do not fill a register to Go.
func maxPoolAVX2(w *Worker, m *MaxPool, dst, src []uint8, r innerRun) {
	t := &w.conv.pool
	t.prepare(m, dst, src, r)
	whole := m.in.C &^ 31
	for from := 0; from < whole; from += 32 {
		t.channel = int64(from)
		maxPoolTileAVX2(t)
	}
	for pixel := r.from; pixel < r.to && whole < m.in.C; pixel++ {
		m.maxPlain(dst, src, pixel, whole, m.taps)
	}
}
