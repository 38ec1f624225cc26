package nir

import "ann2snn/snn"

// gather moves elements. To a vector a matrix of zeros and ones does it; the flattening
// of a map, which ONNX and NIR do in the same order, needs no matrix. From map to map a
// convolution does it, if all that happens is that rows, columns and channels are picked
// or zeros put between and around them.
func (g *graph) gather(op *snn.Gather) signal {
	in := g.in(0)
	out := signal{shape: g.layer.Shape}
	if out.shape.H != 1 || out.shape.W != 1 {
		return g.pick(op, in, out)
	}
	out.flat = true
	from := func(o int) int { // in C, H, W order
		i := int(op.Index[o])
		if i < 0 {
			return -1
		}
		return in.shape.ChannelsFirst(i)
	}
	ordered := out.shape.C == in.shape.Len()
	for o := 0; o < out.shape.C && ordered; o++ {
		ordered = from(o) == o
	}
	vector := g.flatten("flat", in)
	if ordered {
		return vector
	}
	out = g.matrix("", vector, out, func(o, i int) float32 {
		if from(o) == i {
			return 1
		}
		return 0
	}, nothing)
	out.most = in.most
	return out
}

// pick is gather from map to map.
func (g *graph) pick(op *snn.Gather, in, out signal) signal {
	s := selectionOf(op.Index, in.shape, out.shape)
	if s == nil {
		g.lose("elements are moved in a way for which NIR has no node", "a model without this reshape or transpose")
		return out
	}
	w, tap := s.window(in.shape, out.shape)
	out = g.convolve("", in, &w, 1, func(o, i, y, x int) float32 {
		if i == s.channel[o] && y == tap[0] && x == tap[1] {
			return 1
		}
		return 0
	}, nothing)
	out.most = in.most
	return out
}

// selection says that element y, x of channel c comes from element offset + stride*(y, x)
// of channel[c], or is 0 where there is none.
type selection struct {
	offset, stride [2]int
	channel        []int // -1: none
}

// selectionOf returns what index does as a selection, nil if it does something else.
func selectionOf(index []int32, in, out snn.Shape) *selection {
	s := &selection{channel: make([]int, out.C)}
	for c := range s.channel {
		s.channel[c] = -1
	}
	rows, columns := progression{}, progression{}
	for o, i := range index {
		if i >= 0 {
			s.channel[o%out.C] = int(i) % in.C
			rows.see(o/out.C/out.W, int(i)/in.C/in.W)
			columns.see(o/out.C%out.W, int(i)/in.C%in.W)
		}
	}
	s.offset[0], s.stride[0] = rows.line()
	s.offset[1], s.stride[1] = columns.line()
	if s.stride[0] < 1 || s.stride[1] < 1 {
		return nil
	}
	for o, i := range index {
		if s.source(o, in, out) != int(i) && (i >= 0 || s.source(o, in, out) >= 0) {
			return nil
		}
	}
	return s
}

// source returns the index in a map of shape in that element o comes from, or -1.
func (s *selection) source(o int, in, out snn.Shape) int {
	y := s.offset[0] + s.stride[0]*(o/out.C/out.W)
	x := s.offset[1] + s.stride[1]*(o/out.C%out.W)
	c := s.channel[o%out.C]
	if c < 0 || y < 0 || y >= in.H || x < 0 || x >= in.W {
		return -1
	}
	return (y*in.W+x)*in.C + c
}

// window returns a window whose element tap selects.
func (s *selection) window(in, out snn.Shape) (w snn.Window, tap [2]int) {
	w = snn.Window{Stride: s.stride, Dilation: [2]int{1, 1}}
	for a, n := range [2][2]int{{in.H, out.H}, {in.W, out.W}} {
		tap[a], w.Pad[a] = max(0, s.offset[a]), max(0, -s.offset[a])
		spare := n[0] + w.Pad[a] - ((n[1]-1)*s.stride[a] + tap[a] + 1)
		w.Pad[a+2] = max(0, -spare)
		w.Kernel[a] = tap[a] + 1 + max(0, spare)
	}
	return w, tap
}

// progression finds the line through points with whole coordinates.
type progression struct {
	points int
	x, y   [2]int // the first point, and one of another x
}

func (p *progression) see(x, y int) {
	if p.points == 0 || p.points == 1 && x != p.x[0] {
		p.x[p.points], p.y[p.points] = x, y
		p.points++
	}
}

// line returns y at 0 and the slope, which is 1 if there is only one point.
func (p *progression) line() (offset, slope int) {
	slope = 1
	if p.points == 2 {
		slope = (p.y[1] - p.y[0]) / (p.x[1] - p.x[0])
	}
	return p.y[0] - slope*p.x[0], slope
}
