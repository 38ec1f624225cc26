//go:build !purego

package kernels

func shiftedAVX512(w *Worker8, s *shifted8) {
	shiftedVectors(w, s, 64, add8AVX512, sub8AVX512)
}

func shiftedAVX2(w *Worker8, s *shifted8) { shiftedVectors(w, s, 32, add8AVX2, sub8AVX2) }

// shiftedVectors leaves what fills no vector to plain Go.
func shiftedVectors(w *Worker8, s *shifted8, bytes int, add, sub func(*shifted8Tile)) {
	if n := len(s.dst) / bytes; n > 0 {
		w.conv.shifted = shifted8Tile{
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
