//go:build !purego

package u8

func sparseAVX512(w *Worker, s *sparseRows) {
	w.conv.sparse.prepare(s)
	if s.sparse.zero == 0 {
		sparseTileAVX512[s.panel.vecs][0](&w.conv.sparse)
		return
	}
	sparseTileSignedAVX512[s.panel.vecs][0](&w.conv.sparse)
}

// sparseAVX2 leaves levels of 8 bits to plain Go, for the reason that convTileAVX2 in the
// generator gives.
func sparseAVX2(w *Worker, s *sparseRows) {
	if s.sparse.conv.in.most() > 127 {
		sparsePlain(w, s)
		return
	}
	w.conv.sparse.prepare(s)
	if s.sparse.zero == 0 {
		sparseTileAVX2[s.panel.vecs][0](&w.conv.sparse)
		return
	}
	sparseTileSignedAVX2[s.panel.vecs][0](&w.conv.sparse)
}

func (t *sparseTile) prepare(s *sparseRows) {
	c, width := s.sparse.conv, 16*s.panel.vecs
	*t = sparseTile{
		pixels: int64(s.to - s.from), slots: &s.sparse.slots[s.from], before: &s.events.before[0],
		values: &s.events.values[0], places: &s.events.places[0],
		runs: &s.sparse.runs[0], runsEnd: int64(8 * len(s.sparse.runs)), taps: int64(4 * s.sparse.taps),
		weights: &c.packed[s.panel.weights], runStep: int64(c.run * width), slotStep: int64(4 * width * s.sparse.quads),
		start: &s.start[0], sums: &s.sums[0], sumsStride: int64(4 * s.stride), zero: int64(s.sparse.zero),
	}
}
