package spike

import "ann2snn/snn"

// Conv is a grouped 2-D convolution of spikes, in channel-last order, with weights
// packed for it. It is immutable.
//
// Only spikes that are not zero are visited. Each adds level*weight to all output channels
// of its group at every window that covers it, in the order kernel row, kernel column,
// input channel. An element of the result is the sum that a plain loop over the window
// computes in that order, bit for bit, also in floating point.
type Conv[S Level, W Weight] struct {
	in, out  snn.Shape
	window   snn.Window
	groups   int
	fanIn    int // input channels of a group
	fanOut   int // output channels of a group
	packed   []W // group, ky, kx, in, out
	groupLen int
}

// NewConv packs weights given in the order out, ky, kx, in/groups. The geometry
// must be consistent.
func NewConv[S Level, W Weight](in, out snn.Shape, window snn.Window, groups int, weights []W) *Conv[S, W] {
	c := &Conv[S, W]{
		in: in, out: out, window: window, groups: groups,
		fanIn: in.C / groups, fanOut: out.C / groups,
		packed: make([]W, len(weights)), groupLen: len(weights) / groups,
	}
	rows := c.groupLen / c.fanOut
	for g := range groups {
		from, to := weights[g*c.groupLen:], c.packed[g*c.groupLen:]
		for o := range c.fanOut {
			for r := range rows {
				to[r*c.fanOut+o] = from[o*rows+r]
			}
		}
	}
	return c
}

// Add adds the convolution of src to dst. events is working memory; w may end the work.
func (c *Conv[S, W]) Add(dst, src []S, events *Events[S], w *Watch) {
	events.gather(src, c.in, c.groups)
	row := c.out.W * c.groupLen // additions for a row of pixels, at most
	for g := range c.groups {
		weights := c.packed[g*c.groupLen:][:c.groupLen]
		first := events.first[g*c.in.H*c.in.W:][:c.in.H*c.in.W+1]
		for y := range c.out.H {
			if row <= watchStride && w.over(row) {
				return
			}
			for x := range c.out.W {
				if row > watchStride && w.over(c.groupLen) {
					return
				}
				acc := dst[(y*c.out.W+x)*c.out.C+g*c.fanOut:][:c.fanOut]
				c.addWindow(acc, y, x, weights, first, events.all)
			}
		}
	}
}

// addWindow adds the window of output pixel (y, x) of one group to acc.
func (c *Conv[S, W]) addWindow(acc []S, y, x int, weights []W, first []int32, all []event[S]) {
	fromY, toY, top := c.window.Taps(0, y, c.in.H)
	fromX, toX, left := c.window.Taps(1, x, c.in.W)
	rowLen := c.window.Kernel[1] * c.fanIn * c.fanOut
	for ky := fromY; ky < toY; ky++ {
		row := weights[ky*rowLen:][:rowLen]
		pixels := first[(top+ky*c.window.Dilation[0])*c.in.W:]
		if c.window.Dilation[1] == 1 && fromX < toX {
			events := all[pixels[left+fromX]:pixels[left+toX]]
			addRows(acc, events, row, left*c.fanIn)
			continue
		}
		for kx := fromX; kx < toX; kx++ {
			at := left + kx*c.window.Dilation[1]
			addRows(acc, all[pixels[at]:pixels[at+1]], row, (at-kx)*c.fanIn)
		}
	}
}

// addRows adds level * weight row to acc for every event; the row of an event starts at
// (at-origin)*len(acc). Four rows at a time, then two, cut the traffic to acc.
//
//nolint:unconvert // converting the products forbids fused multiply-adds, which round differently
func addRows[S Level, W Weight](acc []S, events []event[S], weights []W, origin int) {
	n := len(acc)
	for ; len(events) >= 4; events = events[4:] {
		k0, k1, k2, k3 := events[0].level, events[1].level, events[2].level, events[3].level
		w0 := weights[(int(events[0].at)-origin)*n:][:n]
		w1 := weights[(int(events[1].at)-origin)*n:][:n]
		w2 := weights[(int(events[2].at)-origin)*n:][:n]
		w3 := weights[(int(events[3].at)-origin)*n:][:n]
		for j, a := range acc {
			a += S(k0 * S(w0[j]))
			a += S(k1 * S(w1[j]))
			a += S(k2 * S(w2[j]))
			acc[j] = a + S(k3*S(w3[j]))
		}
	}
	if len(events) >= 2 {
		k0, k1 := events[0].level, events[1].level
		w0 := weights[(int(events[0].at)-origin)*n:][:n]
		w1 := weights[(int(events[1].at)-origin)*n:][:n]
		for j, a := range acc {
			a += S(k0 * S(w0[j]))
			acc[j] = a + S(k1*S(w1[j]))
		}
		events = events[2:]
	}
	if len(events) == 1 {
		k, row := events[0].level, weights[(int(events[0].at)-origin)*n:][:n]
		for j, w := range row {
			acc[j] += S(k * S(w))
		}
	}
}
