package u8

import "ann2snn/internal/engine"

func (e *session) Play(layer int, from engine.Recording) bool {
	s := &e.stores[layer]
	size := s.shape.Len()
	if s.wide {
		if len(from.Ints) != s.steps*size {
			return false
		}
		for step := range s.steps {
			e.gather(layer, step, from.Ints[step*size:][:size])
		}
		return true
	}
	if len(from.Levels) != s.steps*size {
		return false
	}
	h := e.haloOf(layer)
	h.clear()
	e.eachRun(layer, func(at int, run []uint8) { copy(run, from.Levels[at:]) })
	return true
}

func (e *session) Record(layer int) (to engine.Recording) {
	s := &e.stores[layer]
	size := s.shape.Len()
	if s.wide {
		to.Ints = make([]int32, s.steps*size)
		for step := range s.steps {
			e.spread(to.Ints[step*size:][:size], layer, step)
		}
		return to
	}
	to.Levels = make([]uint8, s.steps*size)
	e.eachRun(layer, func(at int, run []uint8) { copy(to.Levels[at:], run) })
	return to
}

// eachRun calls f for the bytes of a layer that lie in one piece in its store, with where
// they are in its recording.
func (e *session) eachRun(layer int, f func(at int, run []uint8)) {
	s := &e.stores[layer]
	m, maps, at := &s.levels, e.levels(layer), 0
	length, runs := s.shape.W*s.shape.C, 1
	if m.Pixel() != s.shape.C { // in a wider map
		length, runs = s.shape.C, s.shape.W
	}
	for step := range s.steps {
		for y := range s.shape.H {
			for x := range runs {
				f(at, maps[step*m.Len()+m.Offset(y, x):][:length])
				at += length
			}
		}
	}
}
