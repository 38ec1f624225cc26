package u8

import (
	"ann2snn/internal/arena"
	"ann2snn/internal/kernels/u8"
	"ann2snn/snn"
)

// store is where values lie between the stage that computes them and the last one that
// reads them: the output of a layer, or what passes between the stages of a layer. It
// holds a map per step, one after the other.
type store struct {
	// Levels in bytes: a byte is a level plus zero.
	levels u8.Map
	zero   int32

	// Integers of 32 bits, where a byte would be too small: a row of stride per pixel, in
	// which channel c is at lanes[c], or at c where lanes is nil.
	wide   bool
	stride int
	lanes  []int

	shape snn.Shape
	steps int // 1 where all are alike

	parent, offset int          // the store in whose pixels this one lies (or -1), and where it begins in them
	place          arena.Buffer // in the session's buffer, from the first stage that uses it to the last
}

// size returns the length of one step's map, in bytes or in integers.
func (s *store) size() int {
	if s.wide {
		return s.shape.H * s.shape.W * s.stride
	}
	return s.levels.Len()
}

// needHalo widens the border of a map of levels.
func (s *store) needHalo(halo [4]int) {
	for i, n := range halo {
		s.levels.Halo[i] = max(s.levels.Halo[i], n)
	}
}

// haloOf is the border that the windows of a layer reach into: top, left, bottom, right.
func haloOf(in, out snn.Shape, w *snn.Window) [4]int {
	halo := [4]int{w.Pad[0], w.Pad[1], 0, 0}
	for axis, n := range [2][2]int{{in.H, out.H}, {in.W, out.W}} {
		extent := (w.Kernel[axis]-1)*w.Dilation[axis] + 1
		halo[axis+2] = max(0, (n[1]-1)*w.Stride[axis]-w.Pad[axis]+extent-n[0])
	}
	return halo
}

// line is the multiple at which stores begin.
const line = 64

// place gives every store of a kind its place in one buffer and returns the buffer's
// length.
func place(stores []store, wide bool) int {
	var buffers []*arena.Buffer
	for i := range stores {
		if s := &stores[i]; s.wide == wide && s.parent < 0 {
			s.place.Size = s.steps * s.size()
			buffers = append(buffers, &s.place)
		}
	}
	return arena.Place(buffers, 0, line)
}
