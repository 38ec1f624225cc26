package u8

import "encoding/binary"

// Sparse computes the sums of a Conv from lists of the groups of four channels that hold
// a level other than zero. It gives the same bits, and is faster where few groups hold one.
type Sparse struct {
	conv  *Conv
	zero  uint8
	quads int     // groups of a pixel
	slots []int64 // per output pixel, the pixel of the buffer where its window starts
	runs  []int64 // per run of the window, how many pixels further it starts
	taps  int     // pixels of a run
	start []int32 // by lane: what PackBias subtracts for the zero level
}

// NewSparse prepares a convolution of maps in which zero stands for level 0. It returns
// nil where groups of four bytes would cross pixels, or input channels come in groups.
func NewSparse(c *Conv, zero uint8) *Sparse {
	pixel := int64(c.in.Pixel())
	if c.taps != nil || c.in.C%4 != 0 || c.run%c.in.C != 0 || c.panels[len(c.panels)-1].group != 0 {
		return nil
	}
	s := &Sparse{conv: c, zero: zero, quads: c.in.C / 4, taps: c.run / c.in.C, start: make([]int32, len(c.lanes))}
	for _, offset := range c.inOff {
		s.slots = append(s.slots, offset/pixel)
	}
	at := int64(0)
	for _, gap := range c.gaps {
		s.runs = append(s.runs, at/pixel)
		at += int64(c.run) + gap
	}
	for i, sum := range c.sums {
		s.start[i] = int32(zero) * sum
	}
	return s
}

// Events is a list of the groups of a map that hold a level other than zero, in order.
type Events struct {
	values []uint32 // their levels
	places []uint32 // 64 times their number, counting all groups of the map
	before []int32  // per pixel of the buffer, and at its end: how many come before it
}

// NewEvents returns a list with room for a share of all groups.
func (s *Sparse) NewEvents(share float64) *Events {
	pixels := s.pixels()
	room := int(share*float64(pixels*s.quads)) + s.quads
	return &Events{values: make([]uint32, room), places: make([]uint32, room), before: make([]int32, pixels+1)}
}

// pixels returns how many pixels the input's buffer has, its halo included.
func (s *Sparse) pixels() int {
	m := &s.conv.in
	return (m.Halo[0] + m.H + m.Halo[2]) * (m.Halo[1] + m.W + m.Halo[3])
}

// List lists the groups of a map. It reports whether there was room for all of them.
func (s *Sparse) List(e *Events, src []uint8) bool {
	n, none := 0, uint64(s.zero)*0x0101010101010101
	for slot := range s.pixels() {
		e.before[slot] = int32(n)
		if n+s.quads > len(e.values) {
			return false
		}
		pixel := src[slot*s.conv.in.Pixel():][:4*s.quads]
		first := uint32(64 * slot * s.quads)
		for len(pixel) >= 32 { // most hold no spike at all
			if differs32(pixel, none) {
				n = e.add(n, pixel[:32], first, uint32(none))
			}
			pixel, first = pixel[32:], first+64*8
		}
		n = e.add(n, pixel, first, uint32(none))
	}
	e.before[len(e.before)-1] = int32(n)
	return true
}

// differs32 reports whether any of the first 32 bytes differs from those of none.
func differs32(b []uint8, none uint64) bool {
	_ = b[31]
	x, y := binary.LittleEndian.Uint64(b)^none, binary.LittleEndian.Uint64(b[8:])^none
	z, w := binary.LittleEndian.Uint64(b[16:])^none, binary.LittleEndian.Uint64(b[24:])^none
	return x|y|z|w != 0
}

// add appends groups to a list of n; place is that of the first one. It returns the new
// number.
func (e *Events) add(n int, groups []uint8, place, none uint32) int {
	for ; len(groups) >= 4; groups, place = groups[4:], place+64 {
		value := binary.LittleEndian.Uint32(groups)
		e.values[n], e.places[n] = value, place
		if value != none {
			n++
		}
	}
	return n
}

// events returns the list of a step's input, or nil where kernels read the map itself.
func (call *Call) events(step int) *Events {
	if call.Sparse == nil {
		return nil
	}
	return call.Events[step]
}

// sparseRows are the sums of some pixels of a panel, to be computed from a list.
type sparseRows struct {
	sparse   *Sparse
	events   *Events
	panel    *panel
	from, to int
	start    []int32 // what the panel's sums start from
	sums     []int32
	stride   int // from a row of sums to the next
}

// sparse computes the sums of pixels from..to-1 of a panel.
func (w *Worker) sparse(call *Call, p *panel, e *Events, step, from, to int, sums []int32, stride int) {
	start, bias := w.start[:16*p.vecs], call.bias(step)[p.lane:]
	for i, x := range call.Sparse.start[p.lane:][:len(start)] {
		start[i] = bias[i] + x
	}
	w.sparsed = sparseRows{call.Sparse, e, p, from, to, start, sums, stride}
	w.set.sparse(w, &w.sparsed)
}

// sparsePlain is the specification of the sparse kernels.
func sparsePlain(_ *Worker, s *sparseRows) {
	width := 16 * s.panel.vecs
	c := s.sparse.conv
	for pixel := s.from; pixel < s.to; pixel++ {
		sums := s.sums[(pixel-s.from)*s.stride:][:width]
		copy(sums, s.start)
		for r, offset := range s.sparse.runs {
			slot := int(s.sparse.slots[pixel] + offset)
			first, end := s.events.before[slot], s.events.before[slot+s.sparse.taps]
			weights := c.packed[s.panel.weights+r*c.run*width:]
			for i := first; i < end; i++ {
				quad := int(s.events.places[i]/64) - slot*s.sparse.quads
				addLevels(sums, s.events.values[i], int32(s.sparse.zero), weights[4*width*quad:])
			}
		}
	}
}

// addLevels adds to every lane the products of four levels, stored in the bytes of value,
// and the lane's four weights.
func addLevels(sums []int32, value uint32, zero int32, weights []int8) {
	weights = weights[:4*len(sums)]
	for b := range 4 {
		level := int32(value>>(8*b)&0xff) - zero
		for i := range sums {
			sums[i] += level * int32(weights[4*i+b])
		}
	}
}
