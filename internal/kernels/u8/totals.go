package u8

// Totals of levels, a byte each, that shift left from step to step. Bytes are added
// modulo 256, which is exact where totals fit.

// shiftedBytes asks for dst = x + y<<shift + offset, or with minus for x - y<<shift + offset.
// All have the length of dst.
type shiftedBytes struct {
	dst, x, y []uint8
	shift     int
	minus     bool
	offset    uint8
}

// Accumulate sets every total to total<<shift + level + offset.
func (w *Worker) Accumulate(totals, levels []uint8, shift int, offset uint8) {
	w.shifted = shiftedBytes{totals, levels[:len(totals)], totals, shift, false, offset}
	w.set.shifted(w, &w.shifted)
}

// Growth sets dst to best - last<<shift + offset.
func (w *Worker) Growth(dst, best, last []uint8, shift int, offset uint8) {
	w.shifted = shiftedBytes{dst, best[:len(dst)], last[:len(dst)], shift, true, offset}
	w.set.shifted(w, &w.shifted)
}

// shiftedPlain is the specification.
func shiftedPlain(_ *Worker, s *shiftedBytes) {
	x, y := s.x[:len(s.dst)], s.y[:len(s.dst)]
	if s.minus {
		for i := range s.dst {
			s.dst[i] = x[i] - y[i]<<s.shift + s.offset
		}
		return
	}
	for i := range s.dst {
		s.dst[i] = x[i] + y[i]<<s.shift + s.offset
	}
}
