package u8

import "ann2snn/internal/engine"

// DecodeAt works for wanted layers.
func (e *session) DecodeAt(dst []float32, layer int, pixels []int) {
	l := &e.Layers[layer]
	totals, levels := e.totals[:len(pixels)*l.Shape.C], e.step[:len(pixels)*l.Shape.C]
	engine.Total(totals, e.Network.Network, e.stores[layer].steps == 1, e.Steps, func(t int) []int32 {
		e.spreadAt(levels, layer, t-1, pixels)
		return levels
	})
	engine.ValuesAt(dst, l, totals, pixels)
}

// spreadAt is spread for some pixels: dst has a row of channels for each.
func (e *session) spreadAt(dst []int32, from, step int, pixels []int) {
	s := &e.stores[from]
	if step >= s.steps {
		if e.Refines() {
			clear(dst)
			return
		}
		step = 0
	}
	channels, width := s.shape.C, s.shape.W
	for i, p := range pixels {
		row := dst[i*channels:][:channels]
		if !s.wide {
			for c, b := range e.levels(from)[step*s.levels.Len()+s.levels.Offset(p/width, p%width):][:channels] {
				row[c] = int32(b) - s.zero
			}
			continue
		}
		src := e.integers(from)[step*s.size()+p*s.stride:]
		if s.lanes == nil {
			copy(row, src)
			continue
		}
		for c, lane := range s.lanes {
			row[c] = src[lane]
		}
	}
}
