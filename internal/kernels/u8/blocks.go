package u8

import "ann2snn/internal/kernels/geom"

// evenRows says how output pixels' windows can be read in blocks: as rows of a matrix,
// evenly apart, whose columns are the chunks of the window.
type evenRows struct {
	chunk  int     // bytes that a product takes at once
	chunks []int64 // where the chunks of a window start
	stride int64   // from a window to the next one
	pixels int     // so many output pixels, from a multiple of that on, have even windows
	saved  int     // cycles for 16 channels of a pixel, compared with two products of quads in each
}

// blockRows is the largest number of pixels in a block, and of quads in a chunk.
const blockRows = 16

// findEvenRows lays out the windows in blocks where they can be.
func (c *Conv) findEvenRows() evenRows {
	if c.out.W == 1 {
		return evenRows{}
	}
	e := evenRows{pixels: c.out.W, stride: c.inOff[1] - c.inOff[0]}
	if c.isEven(e.stride) {
		e.pixels = len(c.inOff)
	}
	quads := c.run / 4
	perRun := geom.Pieces(quads, blockRows)
	for quads%perRun != 0 {
		perRun++
	}
	rows, deep, chunks := min(e.pixels, blockRows), quads/perRun, perRun*len(c.gaps)
	e.saved = deep*chunks/2 - chunks*max(rows, deep)/rows
	e.chunk = c.run / perRun
	at := int64(0)
	for _, gap := range c.gaps {
		for range perRun {
			e.chunks = append(e.chunks, at)
			at += int64(e.chunk)
		}
		at += gap
	}
	return e
}

// pays reports whether blocks are the faster way to the sums of so many vectors of 16
// channels; apart says that the other way keeps sums apart too, and does not fire at once.
// The costs in cycles are those measured on an Emerald Rapids.
func (e *evenRows) pays(vectors int, apart bool) bool {
	switch {
	case e.chunk == 0:
		return false
	case blocksAlways:
		return true
	case apart:
		return (e.saved-3)*vectors > 600
	}
	return (e.saved-8)*vectors > 1500
}

// blocksAlways takes blocks wherever they can be, for tests.
var blocksAlways = false

// isEven reports whether all windows are evenly apart.
func (c *Conv) isEven(stride int64) bool {
	for i, offset := range c.inOff {
		if offset != c.inOff[0]+int64(i)*stride {
			return false
		}
	}
	return true
}

// rowEnd returns where the even windows end among which is that of a pixel.
func (e *evenRows) rowEnd(pixel int) int { return pixel - pixel%e.pixels + e.pixels }

// Cut returns where the i-th of some equal parts of the output pixels starts: with whole
// blocks, if possible.
func (c *Conv) Cut(i, parts int) int {
	unit := min(c.even.pixels, 2*blockRows)
	if unit == 0 || i == parts || c.Pixels()/unit < parts {
		return c.Pixels() * i / parts
	}
	if c.even.pixels < c.Pixels() {
		unit = c.even.pixels
	}
	return c.Pixels() / unit * i / parts * unit
}

// end returns where about limit pixels end so that blocks fit well: an even number of
// rows, or a part of one.
func (e *evenRows) end(from, limit int) int {
	if rows := limit / e.pixels; rows > 0 {
		if rows > 1 {
			rows &^= 1
		}
		return from - from%e.pixels + rows*e.pixels
	}
	start, parts := from-from%e.pixels, geom.Pieces(e.pixels, limit)
	part := ((from-start)*parts + parts - 1) / e.pixels // the first that ends after from
	for {
		end := start + e.pixels*(part+1)/parts
		if end > from {
			return end
		}
		part++
	}
}
