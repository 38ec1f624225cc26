package runtime

import (
	"math"
	"math/bits"
)

// counter counts the spikes of a session of a plan8, layer by layer as they come: a
// later layer may overwrite them.
type counter struct {
	*plan8
	levels    []int32  // of all steps of a layer
	tallies   []*tally // by layer
	saturated []int64
	inputs    []*tally
	lines     []int64
}

func newCounter(p *plan8) *counter {
	c := &counter{plan8: p, saturated: make([]int64, len(p.net.Layers))}
	longest, lines, inputs := 0, 0, 0
	signals := signals(p.net)
	for i := range p.net.Layers {
		l := &p.net.Layers[i]
		c.tallies = append(c.tallies, newTally(l.Shape, signals[i]))
		longest = max(longest, p.stores[i].steps*l.Shape.Len())
		lines = max(lines, l.Shape.H+l.Shape.W)
		inputs = max(inputs, len(l.In))
	}
	c.levels, c.lines, c.inputs = make([]int32, longest), make([]int64, lines), make([]*tally, inputs)
	return c
}

// count counts a layer after its last stage.
func (c *counter) count(e *engine8, stage int) {
	i := c.layerOf[stage]
	if stage+1 < len(c.layerOf) && c.layerOf[stage+1] == i {
		return
	}
	if j, ok := e.jobs[stage].(interface{ saturated() int64 }); ok {
		c.saturated[i] = j.saturated()
	}
	if s := &c.stores[i]; !s.wide && s.small() {
		c.tallies[i].countBytes(s, e.levels(i))
		return
	}
	size := c.net.Layers[i].Shape.Len()
	levels := c.levels[:c.stores[i].steps*size]
	for step := range c.stores[i].steps {
		e.spread(levels[step*size:][:size], i, step)
	}
	countLevels(c.tallies[i], levels)
}

// small reports whether levels have at most 8 bits, or 7 and a sign.
func (s *store) small() bool {
	return s.zero == 0 || s.zero <= math.MaxInt8 && int32(s.levels.Top)-s.zero <= math.MaxInt8
}

// countBytes is countLevels for a store of small levels, whose maps begin at maps.
func (t *tally) countBytes(s *store, maps []uint8) {
	t.steps = int64(s.steps)
	if t.signal != signalSpikes {
		return
	}
	clear(t.events)
	clear(t.bits)
	m := &s.levels
	for step := range s.steps {
		at := 0
		for y := range m.H {
			row := maps[step*m.Len()+m.Offset(y, 0):]
			for x := range m.W {
				events, set := countPixel(row[x*m.Pixel():][:m.C], uint8(s.zero))
				t.events[at] += int64(events)
				t.bits[at] += int64(set)
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

func (e *engine8) stats(dst []LayerStats) {
	c := e.counter
	for i := range dst {
		l := &c.net.Layers[i]
		dst[i] = LayerStats{}
		for k, from := range l.In {
			c.inputs[k] = c.tallies[from]
		}
		addCost(&dst[i], l, c.inputs[:len(l.In)], c.lines)
		if t := c.tallies[i]; t.signal == signalSpikes && l.Neuron != nil {
			t.spikeStats(&dst[i], l.Shape.Len(), c.saturated[i])
		}
	}
}
