package u8

import "ann2snn/internal/kernels/geom"

// evenRows is how the windows of output pixels are read in blocks: as the rows of a
// matrix, evenly apart, whose columns are the chunks of the window.
type evenRows struct {
	chunk  int     // bytes that a product takes at once
	chunks []int64 // where the chunks of a window start
	stride int64   // from a window to the next one
	pixels int     // pixels whose windows are evenly apart: from any multiple of this number on
	saved  int     // cycles that blocks save for 16 channels of a pixel, against two products of quads in each cycle
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

// pays reports whether blocks are the faster way to the sums of some vectors of 16
// channels. Blocks store their sums and fire later. stores says that the other way does so
// too. The costs in cycles were measured on an Emerald Rapids.
func (e *evenRows) pays(vectors int, stores bool) bool {
	switch {
	case e.chunk == 0:
		return false
	case blocksAlways:
		return true
	case stores:
		return (e.saved-3)*vectors > 600
	}
	return (e.saved-8)*vectors > 1500
}

// blocksAlways takes blocks wherever windows allow them, for tests.
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

// rowEnd returns where the even windows end that the window of a pixel belongs to.
func (e *evenRows) rowEnd(pixel int) int { return pixel - pixel%e.pixels + e.pixels }

// Cut returns where the i-th of some parts of the output pixels starts. The parts are
// about equal and consist of whole blocks, if possible.
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

// end returns where at most limit pixels that start at from end, so that blocks fit well:
// after an even number of rows, or within a row.
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
