package u8

import (
	"math"

	"ann2snn/snn"
)

// Slack is how many bytes follow the last pixel of a map. Kernels read whole vectors.
const Slack = 64

// Map is the layout of a channel-last map of levels, a byte each, in its buffer. A halo of
// pixels that hold level 0 lies around the map, so that no window leaves the buffer.
//
// A byte is a level minus the lowest level of its neurons, so that unsigned bytes hold
// signed levels, too. Fire.Zero returns the byte of level 0, and Conv.PackBias corrects
// the weighted sums of bytes to those of levels.
type Map struct {
	snn.Shape
	Halo [4]int // pixels at the top, left, bottom, right
	Top  uint8  // largest byte; 0 means any
	Step int    // bytes from one pixel to the next, where the map is part of a wider one; 0 means C
}

// most returns the largest byte.
func (m Map) most() int32 {
	if m.Top == 0 {
		return math.MaxUint8
	}
	return int32(m.Top)
}

// Pixel returns the distance in bytes from one pixel to the next.
func (m Map) Pixel() int {
	if m.Step != 0 {
		return m.Step
	}
	return m.C
}

// Row returns the distance in bytes from one row to the next.
func (m Map) Row() int { return (m.Halo[1] + m.W + m.Halo[3]) * m.Pixel() }

// Len returns the length of a buffer.
func (m Map) Len() int { return (m.Halo[0]+m.H+m.Halo[2])*m.Row() + Slack }

// Offset returns where pixel (y, x) starts.
func (m Map) Offset(y, x int) int { return (y+m.Halo[0])*m.Row() + (x+m.Halo[1])*m.Pixel() }

// Offsets lists where every pixel starts, row by row.
func (m Map) Offsets() []int64 {
	offsets := make([]int64, 0, m.H*m.W)
	for y := range m.H {
		for x := range m.W {
			offsets = append(offsets, int64(m.Offset(y, x)))
		}
	}
	return offsets
}

// tapOffsets lists where every pixel of a window lies from its first one.
func (m Map) tapOffsets(w *snn.Window) []int64 {
	var offsets []int64
	for ky := range w.Kernel[0] {
		for kx := range w.Kernel[1] {
			offsets = append(offsets, int64(ky*w.Dilation[0]*m.Row()+kx*w.Dilation[1]*m.Pixel()))
		}
	}
	return offsets
}
