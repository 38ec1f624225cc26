//go:build !purego

package u8

func shiftedAVX512(w *Worker, s *shiftedBytes) {
	shiftedVectors(w, s, 64, addTileAVX512, subTileAVX512)
}

func shiftedAVX2(w *Worker, s *shiftedBytes) { shiftedVectors(w, s, 32, addTileAVX2, subTileAVX2) }

// shiftedVectors leaves what fills no vector to plain Go.
func shiftedVectors(w *Worker, s *shiftedBytes, bytes int, add, sub func(*shiftedTile)) {
	if n := len(s.dst) / bytes; n > 0 {
		w.conv.shifted = shiftedTile{
			dst: &s.dst[0], x: &s.x[0], y: &s.y[0], end: int64(n * bytes),
			shift: int64(s.shift), keep: int64(uint8(0xff << s.shift)), offset: int64(s.offset),
		}
		if s.minus {
			add = sub
		}
		add(&w.conv.shifted)
		s.dst, s.x, s.y = s.dst[n*bytes:], s.x[n*bytes:], s.y[n*bytes:]
	}
	shiftedPlain(w, s)
}
