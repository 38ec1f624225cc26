package u8

// spread sets dst to what a store holds of a step (from 0), in H, W, C order.
func (e *session) spread(dst []int32, from, step int) {
	s := &e.stores[from]
	if step >= s.steps {
		if e.Refines() {
			clear(dst)
			return
		}
		step = 0
	}
	if !s.wide {
		e.spreadLevels(dst, s, e.levels(from)[step*s.levels.Len():])
		return
	}
	src := e.integers(from)[step*s.size():]
	for ; len(dst) > 0; dst, src = dst[s.shape.C:], src[s.stride:] {
		if s.lanes == nil {
			copy(dst[:s.shape.C], src)
			continue
		}
		for c, lane := range s.lanes {
			dst[c] = src[lane]
		}
	}
}

func (e *session) spreadLevels(dst []int32, s *store, src []uint8) {
	width := s.shape.C
	for y := range s.shape.H {
		row := src[s.levels.Offset(y, 0):]
		for x := range s.shape.W {
			for c, b := range row[x*s.levels.Pixel():][:width] {
				dst[c] = int32(b) - s.zero
			}
			dst = dst[width:]
		}
	}
}

// gather stores a step (from 0) of values in H, W, C order.
func (e *session) gather(to, step int, values []int32) {
	s := &e.stores[to]
	if s.wide {
		dst := e.integers(to)[step*s.size():]
		for ; len(values) > 0; dst, values = dst[s.stride:], values[s.shape.C:] {
			copy(dst[:s.shape.C], values)
		}
		return
	}
	dst := e.levels(to)[step*s.levels.Len():]
	width := s.shape.C
	for y := range s.shape.H {
		row := dst[s.levels.Offset(y, 0):]
		for x := range s.shape.W {
			pixel := row[x*s.levels.Pixel():][:width]
			for c := range pixel {
				pixel[c] = uint8(values[c] + s.zero)
			}
			values = values[width:]
		}
	}
}
