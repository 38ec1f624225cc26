package u8

// The functions of this file add up the levels of successive steps. A total is a byte and
// shifts left from step to step. Bytes are added modulo 256, which is exact where totals
// fit into a byte.

// shiftedBytes is the sum dst = x + y<<shift + offset or, with minus, the difference
// dst = x - y<<shift + offset. x and y have the length of dst.
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

// shiftedPlain is the specification of the kernels that shift and add.
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
