package u8

import (
	"ann2snn/internal/kernels/geom"
	"ann2snn/snn"
)

// Conv is a grouped 2-D convolution of levels in bytes with int8 weights, summed in
// int32: an implicit matrix product over maps with halos. It is immutable once its
// weights are packed.
//
// A window is a list of runs of contiguous bytes: its rows, or, where groups or dilation
// cut the rows, its pixels. Output channels come in panels of up to 64. A panel's
// weights are in the order run, quad of bytes, lane, byte of the quad, so that one
// VPDPBUSD multiplies a quad by 16 lanes. Sums are exact modulo 2^32 in any order.
//
// Where every channel is a group of its own (depthwise), runs are fours of pixels, and a
// panel's 64 channels are multiplied at once: see tapWeight.
type Conv struct {
	in, out       Map
	inOff, outOff []int64 // per output pixel, in bytes
	runBytes      int     // of a run
	run           int     // the same, rounded up to quads
	gaps          []int64 // after each run, the distance from its end to the next one
	taps          []int64 // depthwise: of every pixel of the window, filled up to fours
	order         []int   // depthwise: of taps, see tapOrder
	rolls         bool    // depthwise: windows along a row share columns, see tapOrder
	even          evenRows
	panels        []panel
	lanes         []int32
	length        int     // of packed
	packed        []int8  // nil until Place
	sums          []int32 // of each lane's weights
}

// panel is a block of output channels that are computed together.
type panel struct {
	vecs     int // groups of 16 lanes
	channel  int // the first
	channels int // how many exist
	lane     int // of the first channel
	group    int // byte offset of its input channels in a pixel
	weights  int // offset in packed
}

// mask has a bit per lane that has a channel.
func (p *panel) mask() uint64 { return 1<<p.channels - 1 }

// whole reports whether all lanes have channels.
func (p *panel) whole() bool { return p.channels == 16*p.vecs }

// NewConv lays out a convolution with weights given in the order out, ky, kx, in/groups,
// which still have to be packed: by Pack, or by Place and PackPanel. The input's halo is
// at least as wide as the window's padding.
func NewConv(in, out Map, window snn.Window, groups int, weights []int8) *Conv {
	c := &Conv{in: in, out: out, outOff: out.Offsets()}
	c.placeWindows(&window)
	if groups == in.C && groups == out.C {
		c.layOutDepthwise(&window)
	} else {
		c.splitRuns(&window, groups)
		c.even = c.findEvenRows()
		c.splitPanels(out.C/groups, in.C/groups, groups)
	}
	c.sumWeights(weights)
	return c
}

// Lanes returns how many lanes there are: output channels, with gaps so that every panel
// starts at a multiple of 16.
func (c *Conv) Lanes() int { return len(c.lanes) }

// LaneChannels returns each lane's output channel, or -1.
func (c *Conv) LaneChannels() []int32 { return c.lanes }

// WeightLen returns the length of the packed weights, a multiple of 64.
func (c *Conv) WeightLen() int { return c.length }

// Pack packs the weights of NewConv into memory of their own.
func (c *Conv) Pack(weights []int8) {
	c.Place(make([]int8, c.length))
	for i := range c.panels {
		c.PackPanel(i, weights)
	}
}

// Place gives PackPanel the memory for the weights: WeightLen zeros. Kernels are fastest
// where it starts on a cache line, and where the next layer's weights follow.
func (c *Conv) Place(arena []int8) { c.packed = arena[:c.length] }

// PackPanel packs the weights of a panel. It reads the weights of no other panel.
func (c *Conv) PackPanel(panel int, weights []int8) {
	p := &c.panels[panel]
	fan := len(weights) / c.out.C
	for j := range p.channels {
		row := weights[(p.channel+j)*fan:][:fan]
		if c.taps != nil {
			c.packTaps(c.packed[p.weights:], j, row)
			continue
		}
		to := c.packed[p.weights+4*j:]
		step := 64 * p.vecs
		for r := range c.gaps {
			for b, w := range row[r*c.runBytes:][:c.runBytes] {
				to[(r*c.run+b)/4*step+b%4] = w
			}
		}
	}
}

// sumWeights sums up each lane's weights.
func (c *Conv) sumWeights(weights []int8) {
	c.sums = make([]int32, len(c.lanes))
	fan := len(weights) / c.out.C
	for lane, channel := range c.lanes {
		if channel < 0 {
			continue
		}
		for _, w := range weights[int(channel)*fan:][:fan] {
			c.sums[lane] += int32(w)
		}
	}
}

// Panels returns the number of panels.
func (c *Conv) Panels() int { return len(c.panels) }

// Pixels returns the number of output pixels.
func (c *Conv) Pixels() int { return len(c.outOff) }

// PackBias returns the biases by lane for an input in which zero stands for level 0.
func (c *Conv) PackBias(bias []int32, zero uint8) []int32 {
	packed := spread(bias, c.lanes, 0)
	for i, sum := range c.sums {
		packed[i] -= int32(zero) * sum
	}
	return packed
}

func (c *Conv) placeWindows(w *snn.Window) {
	for axis, n := range [2][2]int{{c.in.H, c.out.H}, {c.in.W, c.out.W}} {
		extent := (w.Kernel[axis]-1)*w.Dilation[axis] + 1
		last := (n[1]-1)*w.Stride[axis] - w.Pad[axis] + extent - n[0]
		if w.Pad[axis] > c.in.Halo[axis] || last > c.in.Halo[axis+2] {
			panic("u8: a window reaches beyond the halo")
		}
	}
	c.inOff = make([]int64, 0, c.out.H*c.out.W)
	for y := range c.out.H {
		for x := range c.out.W {
			c.inOff = append(c.inOff, int64(c.in.Offset(y*w.Stride[0]-w.Pad[0], x*w.Stride[1]-w.Pad[1])))
		}
	}
}

// splitRuns cuts the window into runs.
func (c *Conv) splitRuns(w *snn.Window, groups int) {
	r := geom.Runs{Len: c.in.C / groups}
	for _, offset := range c.in.tapOffsets(w) {
		r.Starts = append(r.Starts, int(offset))
	}
	for _, taps := range []int{w.Kernel[1], w.Kernel[0]} {
		r.Merge(taps)
	}
	c.runBytes, c.run = r.Len, (r.Len+3)&^3
	c.gaps = make([]int64, len(r.Starts))
	for i := range len(r.Starts) - 1 {
		c.gaps[i] = int64(r.Starts[i+1] - r.Starts[i] - c.run)
	}
}

// splitPanels cuts every group's output channels into panels. They are as few as possible,
// as wide panels are fast, and about equal.
func (c *Conv) splitPanels(fanOut, fanIn, groups int) {
	at := 0
	for g := range groups {
		for from, to := range geom.Split(geom.Pieces(fanOut, 16), 4) {
			p := panel{
				vecs: to - from, channel: g*fanOut + 16*from, channels: min(16*to, fanOut) - 16*from, group: g * fanIn, weights: at,
			}
			at += len(c.gaps) * c.run * 16 * p.vecs
			c.addPanel(p)
		}
	}
	c.length = at
}

// addPanel appends a panel and its lanes.
func (c *Conv) addPanel(p panel) {
	p.lane = len(c.lanes)
	c.panels = append(c.panels, p)
	for j := range 16 * p.vecs {
		channel := int32(-1)
		if j < p.channels {
			channel = int32(p.channel + j)
		}
		c.lanes = append(c.lanes, channel)
	}
}

// convPlain is the specification of the convolution kernels.
func convPlain(w *Worker, call *Call, part Part) {
	c := call.Conv
	p := &c.panels[part.Panel]
	width := 16 * p.vecs
	for pixel := part.From; pixel < part.To; pixel++ {
		if call.Sums == nil {
			w.rows.open(w, call, p, pixel, 1, 1)
		}
		for step := range call.steps() {
			w.rows.step, w.rows.steps = step, 1
			sums, stride := w.place(call, p, pixel, step)
			switch {
			case step < call.Time.Inputs():
				if e := call.events(step); e != nil {
					w.sparse(call, p, e, step, pixel, pixel+1, sums, stride)
				} else {
					copy(sums[:width], call.bias(step)[p.lane:])
					c.sumWindow(sums[:width], call.Src[step*c.in.Len()+int(c.inOff[pixel])+p.group:], c.packed[p.weights:])
				}
				w.mix(call, p, step, pixel, 1, sums, stride)
			case call.Time.Input == FirstStep:
				clear(sums[:width])
			}
			if call.Sums == nil {
				firePlain(w, &w.rows)
			}
		}
	}
}

func (c *Conv) sumWindow(sums []int32, window []uint8, weights []int8) {
	if c.taps != nil {
		c.sumDepthwise(sums, window, weights)
		return
	}
	c.sumPlain(sums, window, weights)
}

// sumPlain adds the products of one window to sums.
func (c *Conv) sumPlain(sums []int32, window []uint8, weights []int8) {
	at := 0
	for _, gap := range c.gaps {
		for range c.run / 4 {
			addQuad(sums, window[at:], weights)
			at, weights = at+4, weights[4*len(sums):]
		}
		at += int(gap)
	}
}

// addQuad adds to every lane the products of four levels and the lane's four weights.
func addQuad(sums []int32, levels []uint8, weights []int8) {
	a, b, c, d := int32(levels[0]), int32(levels[1]), int32(levels[2]), int32(levels[3])
	if a|b|c|d == 0 {
		return
	}
	weights = weights[:4*len(sums)]
	for i := range sums {
		q := weights[4*i : 4*i+4 : 4*i+4]
		sums[i] += a*int32(q[0]) + b*int32(q[1]) + c*int32(q[2]) + d*int32(q[3])
	}
}
