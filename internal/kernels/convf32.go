package kernels

// ConvF32 is a grouped 2-D convolution of channel-first float32 maps: a matrix product
// of the filters, a row per output channel, with a matrix of windows that is built panel
// by panel. It sums as GemmF32 does, in the order input channel, kernel row, column. It
// is immutable.
type ConvF32 struct {
	in, out SpikeMap
	window  SpikeWindow
	groups  int
}

// FiltersF32 are the filters of a convolution: Weights [out, in/groups, kernel rows,
// kernel columns] and Bias [out], which may be nil.
type FiltersF32 struct{ Weights, Bias []float32 }

// NewConvF32 returns a convolution.
func NewConvF32(in, out SpikeMap, window SpikeWindow, groups int) *ConvF32 {
	return &ConvF32{in: in, out: out, window: window, groups: groups}
}

// Run computes output channels [from, to) of one group. Groups and channels may be spread
// over goroutines, with a GemmF32 each.
func (c *ConvF32) Run(g *GemmF32, dst, src []float32, f FiltersF32, group, from, to int) {
	fanIn, fanOut := c.in.C/c.groups, c.out.C/c.groups
	pixels, taps := c.out.H*c.out.W, c.window.Kernel[0]*c.window.Kernel[1]
	first := group*fanOut + from
	weights := RowMajor(f.Weights, fanIn*taps).rows(first, first+to-from)
	maps := RowMajor(dst, pixels).rows(first, first+to-from)
	if f.Bias != nil {
		f.Bias = f.Bias[first:]
	}
	g.windows.open(g.set, c, src[group*fanIn*c.in.H*c.in.W:])
	g.mul(maps, weights, &g.windows, f.Bias, false)
}

// windowColumns packs the matrix whose column j is the window of output pixel j.
type windowColumns struct {
	set  *Set
	conv *ConvF32
	src  []float32

	offsets []int64  // per tap, see packF32Tile
	inside  []uint64 // per tap
	args    packArgs
}

// open prepares for a convolution of src.
func (w *windowColumns) open(set *Set, c *ConvF32, src []float32) {
	w.set, w.conv, w.src = set, c, src
	taps := c.window.Kernel[0] * c.window.Kernel[1]
	w.offsets, w.inside = grow(w.offsets, taps), grow(w.inside, taps)
}

func (w *windowColumns) panel(dst []float32, width, from, depth, j, n int) []float32 {
	c := w.conv
	if n < width {
		clear(dst[:depth*width])
	}
	for at := 0; at < n; { // output pixels of the same row
		y, x := (j+at)/c.out.W, (j+at)%c.out.W
		run := min(c.out.W-x, n-at)
		if w.set.packWindows != nil && c.window.Stride[1] == 1 {
			w.aimTaps(run, y, x)
			w.set.packWindows(w, dst[at:], run, width, from, depth)
		} else {
			w.packTaps(dst[at:], run, width, from, depth, y, x)
		}
		at += run
	}
	return dst
}

// aimTaps finds what every tap sees of a channel at n output pixels of row y from column
// x on.
func (w *windowColumns) aimTaps(n, y, x int) {
	c, window := w.conv, &w.conv.window
	kw := window.Kernel[1]
	top, left := y*window.Stride[0]-window.Pad[0], x-window.Pad[1]
	for tap := range w.offsets {
		iy, ix := top+tap/kw*window.Dilation[0], left+tap%kw*window.Dilation[1]
		from, to := min(n, max(0, -ix)), max(0, min(n, c.in.W-ix))
		w.offsets[tap], w.inside[tap] = int64(4*(iy*c.in.W+ix)), 0
		if iy >= 0 && iy < c.in.H && from < to {
			w.inside[tap] = lowBits(to) &^ lowBits(from)
		}
	}
}

// lowBits returns a mask of the n lowest bits, n at most 64.
func lowBits(n int) uint64 { return 1<<n - 1 }

// packTaps writes what depth taps, from the given one on, see at n output pixels of row y
// from column x on.
func (w *windowColumns) packTaps(dst []float32, n, width, from, depth, y, x int) {
	c, window := w.conv, &w.conv.window
	kh, kw := window.Kernel[0], window.Kernel[1]
	top, left := y*window.Stride[0]-window.Pad[0], x*window.Stride[1]-window.Pad[1]
	kx, row := from%kw, from/kw // kernel rows of all channels
	for p := range depth {
		iy := top + row%kh*window.Dilation[0]
		to := dst[p*width:][:n]
		if iy < 0 || iy >= c.in.H {
			clear(to)
		} else {
			packRow(to, w.src[(row/kh*c.in.H+iy)*c.in.W:][:c.in.W], left+kx*window.Dilation[1], window.Stride[1])
		}
		if kx++; kx == kw {
			kx, row = 0, row+1
		}
	}
}

// packRow sets dst[i] to row[at+i*stride], or 0 outside the row.
func packRow(dst, row []float32, at, stride int) {
	if stride == 1 && at >= 0 && at+len(dst) <= len(row) {
		copy(dst, row[at:])
		return
	}
	from := min(len(dst), max(0, (stride-1-at)/stride))
	to := max(from, min(len(dst), (len(row)-at+stride-1)/stride))
	if at >= len(row) {
		to = from
	}
	clear(dst[:from])
	clear(dst[to:])
	if from == to {
		return
	}
	row = row[at+from*stride:]
	if stride == 1 {
		copy(dst[from:to], row)
		return
	}
	for i := range dst[from:to] {
		dst[from+i] = row[i*stride]
	}
}
