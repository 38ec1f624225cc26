package u8

import (
	"math"
	"math/bits"

	"ann2snn/internal/engine"
)

// counter counts the spikes of a session, layer by layer as they come: a later layer may
// overwrite them.
type counter struct {
	*engine.Counter
	levels []int32 // of all steps of a layer
}

func newCounter(p *Plan) *counter {
	longest := 0
	for i := range p.Layers {
		longest = max(longest, p.stores[i].steps*p.Layers[i].Shape.Len())
	}
	return &counter{engine.NewCounter(p.Network), make([]int32, longest)}
}

// count counts a layer after its last stage.
func (c *counter) count(e *session, stage int) {
	i := e.layerOf[stage]
	if stage+1 < len(e.layerOf) && e.layerOf[stage+1] == i {
		return
	}
	if j, ok := e.jobs[stage].(interface{ saturated() int64 }); ok {
		c.Saturated[i] = j.saturated()
	}
	s := &e.stores[i]
	if !s.wide && s.small() {
		countBytes(c.Tallies[i], s, e.levels(i))
		return
	}
	size := e.Layers[i].Shape.Len()
	levels := c.levels[:s.steps*size]
	for step := range s.steps {
		e.spread(levels[step*size:][:size], i, step)
	}
	engine.Count(c.Tallies[i], levels)
}

// small reports whether levels have at most 8 bits, or 7 and a sign.
func (s *store) small() bool {
	return s.zero == 0 || s.zero <= math.MaxInt8 && int32(s.levels.Top)-s.zero <= math.MaxInt8
}

// countBytes is engine.Count for a store of small levels, whose maps begin at maps.
func countBytes(t *engine.Tally, s *store, maps []uint8) {
	t.Begin(s.steps)
	if !t.Spikes() {
		return
	}
	m := &s.levels
	for step := range s.steps {
		at := 0
		for y := range m.H {
			row := maps[step*m.Len()+m.Offset(y, 0):]
			for x := range m.W {
				events, set := countPixel(row[x*m.Pixel():][:m.C], uint8(s.zero))
				t.Events[at] += int64(events)
				t.Bits[at] += int64(set)
				at++
			}
		}
	}
}

// countPixel counts the levels that are not zero, and the set bits of their magnitudes,
// eight levels at a time.
func countPixel(levels []uint8, zero uint8) (events, set int) {
	const ones, signs = 0x0101010101010101, 0x8080808080808080
	zeros := ones * uint64(zero)
	for len(levels) > 0 {
		b := zeros // what is missing counts as zero
		if len(levels) >= 8 {
			b = eight(levels)
			levels = levels[8:]
		} else {
			for i, k := range levels {
				b ^= uint64(k^zero) << (8 * i)
			}
			levels = nil
		}
		d := ((b | signs) - (zeros &^ signs)) ^ ((b ^ ^zeros) & signs) // b-zero, byte by byte
		events += bits.OnesCount64((((d &^ signs) + (signs - ones)) | d) & signs)
		if zero != 0 {
			negative := d >> 7 & ones
			d = (d ^ negative*math.MaxUint8) + negative
		}
		set += bits.OnesCount64(d)
	}
	return events, set
}

// eight returns the first eight bytes in one word.
func eight(b []uint8) uint64 {
	_ = b[7]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

func (e *session) Count(dst []engine.Counts) { e.counter.Counts(dst) }
