package f32

import (
	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/kernels/geom"
)

// Conv is a grouped 2-D convolution of float32 maps, channels last: an implicit matrix
// product over a map that holds its padding. Filters are packed for one set of kernels. A
// sum starts from the bias and goes on in the order kernel row, kernel column, input
// channel. It is immutable.
type Conv struct {
	set    *kernelSet
	places places
	run    int     // elements of a run of the window: a row, or a pixel where groups or dilation cut rows
	gaps   []int64 // after each run, the distance in bytes from its end to the next one
	block  int     // pixels whose windows stay in a cache while all panels are computed
	panels []panel
	packed []float32
	bias   []float32 // by lane
}

// Filters are the filters of a convolution: Weights [out, in/groups, kernel rows,
// kernel columns] and Bias [out], which may be nil.
type Filters struct{ Weights, Bias []float32 }

// panel is a block of output channels that are computed together.
type panel struct {
	vecs     int
	channel  int // the first
	channels int // how many exist
	lane     int // of the first channel, in bias
	group    int // its first input channel
	weights  int // offset in packed
}

// places are where the windows of a map lie.
type places struct {
	in, out Map
	inOff   []int64 // per output pixel, in bytes
}

// newPlaces lists the windows of a map that holds its padding.
func newPlaces(in, out Map, w *Window) places {
	p := places{in: in, out: out, inOff: make([]int64, 0, out.H*out.W)}
	for y := range out.H {
		for x := range out.W {
			p.inOff = append(p.inOff, int64(4*in.C*(y*w.Stride[0]*in.W+x*w.Stride[1])))
		}
	}
	return p
}

// taps lists where the pixels of a window lie from its first one, in elements.
func (p *places) taps(w *Window) []int {
	taps := make([]int, 0, w.Kernel[0]*w.Kernel[1])
	for ky := range w.Kernel[0] {
		for kx := range w.Kernel[1] {
			taps = append(taps, p.in.C*(ky*w.Dilation[0]*p.in.W+kx*w.Dilation[1]))
		}
	}
	return taps
}

// blockElements is about how many elements of a map a block of pixels reads. They stay in a
// second-level cache while one panel of weights after the other is applied to them.
const blockElements = 32 << 10

// nearWeights is the largest number of bytes of weights that stay in a first-level cache
// from one tile to the next, and farWeights the least that do not stay in a second-level
// cache. Tests lower them.
var nearWeights, farWeights = 32 << 10, 512 << 10

// NewConv packs filters. in is the map with its padding.
func NewConv(set *cpu.Set, in, out Map, window Window, groups int, f Filters) *Conv {
	c := &Conv{set: kernelsOf(set), places: newPlaces(in, out, &window), block: max(64, blockElements/max(1, in.C))}
	runs := geom.Runs{Len: in.C / groups}
	runs.Starts = c.places.taps(&window)
	for _, taps := range []int{window.Kernel[1], window.Kernel[0]} {
		runs.Merge(taps)
	}
	c.run = runs.Len
	c.gaps = make([]int64, len(runs.Starts))
	for i := range len(runs.Starts) - 1 {
		c.gaps[i] = int64(4 * (runs.Starts[i+1] - runs.Starts[i] - c.run))
	}
	c.splitPanels(groups)
	for i := range c.panels {
		c.pack(&c.panels[i], &window, f)
	}
	return c
}

// splitPanels cuts every group's output channels into panels. They are as few as possible
// and about equal.
func (c *Conv) splitPanels(groups int) {
	fanIn, fanOut := c.places.in.C/groups, c.places.out.C/groups
	lanes, weights := 0, 0
	vecs := geom.Pieces(fanOut, c.set.vector)
	for g := range groups {
		for from, to := range geom.Split(vecs, c.set.vectors) {
			first := c.set.vector * from
			c.panels = append(c.panels, panel{
				vecs: to - from, channel: g*fanOut + first, channels: min(c.set.vector*to, fanOut) - first,
				lane: lanes, group: g * fanIn, weights: weights,
			})
			lanes += c.set.vector * (to - from)
			weights += len(c.gaps) * c.run * c.set.vector * (to - from)
		}
	}
	c.bias, c.packed = make([]float32, lanes), make([]float32, weights)
}

func (c *Conv) pack(p *panel, window *Window, f Filters) {
	taps, depth := window.Kernel[0]*window.Kernel[1], len(c.gaps)*c.run
	width := c.set.vector * p.vecs
	for j := range p.channels {
		filter, to := f.Weights[(p.channel+j)*depth:][:depth], c.packed[p.weights+j:]
		for k := range depth {
			tap, channel := k/(depth/taps), k%(depth/taps)
			to[k*width] = filter[channel*taps+tap]
		}
	}
	if f.Bias != nil {
		copy(c.bias[p.lane:][:p.channels], f.Bias[p.channel:])
	}
}

// Run convolves src.
func (c *Conv) Run(w *Worker, dst Output, src []float32, limits Limits) {
	pixels := len(c.places.inOff)
	if pixels == 0 {
		return
	}
	_, _ = src[:c.places.in.Len()], dst.Data[:(pixels-1)*dst.Stride+c.places.out.C] // assembly checks no bounds
	for from, to := range geom.Split(pixels, c.block) {
		for p := range c.panels {
			w.conv = convPart{c, &c.panels[p], dst, src, limits, from, to}
			c.set.conv(w, &w.conv)
		}
	}
}

// convPart is a panel of output channels at some pixels.
type convPart struct {
	*Conv
	panel    *panel
	dst      Output
	src      []float32
	limits   Limits
	from, to int
}

// convPlain is the specification of the micro-kernels, but for fused rounding.
func convPlain(_ *Worker, c *convPart) {
	for pixel := c.from; pixel < c.to; pixel++ {
		var sums [plainPanel]float32
		copy(sums[:], c.bias[c.panel.lane:])
		at, weights := int(c.places.inOff[pixel]/4)+c.panel.group, c.packed[c.panel.weights:]
		for _, gap := range c.gaps {
			mulRow(&sums, c.src[at:at+c.run], weights)
			at, weights = at+c.run+int(gap/4), weights[c.run*plainPanel:]
		}
		out := c.dst.Data[pixel*c.dst.Stride+c.panel.channel:][:c.panel.channels]
		for j := range out {
			out[j] = c.limits.bound(sums[j])
		}
	}
}
