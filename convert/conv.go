package convert

import (
	"errors"
	"slices"

	"ann2snn/ir"
	"ann2snn/snn"
)

// conv is a planned convolution.
type conv struct {
	kernel func() []float32 // a copy of the weights in out, ky, kx, in/groups order
	bias   []float32        // per output channel; nil: 0
	window snn.Window
	groups int
}

func lowerConv(p *planner, n *ir.Node) error {
	v, err := p.mapInput(n)
	if err != nil {
		return err
	}
	w := p.constant(n, 1)
	bias, err := p.biasOf(n, 2)
	switch {
	case err != nil:
		return err
	case w == nil:
		return errors.New("its weight is not constant")
	}
	op, _ := n.Op.(ir.Conv)
	window, _, err := windowOf(op.Window, w.Shape[2:], v.dims[2:])
	if err != nil {
		return err
	}
	in := p.evenOrInput(v, "feeds the weights of "+p.nodes[p.node].Name)
	shape := naturalShape(p.graph.Type(n.Out[0]).Shape.Ints())
	kernel := func() []float32 { return channelsLast(w) }
	p.weighted(n, &conv{kernel: kernel, bias: bias, window: window, groups: op.Group}, in, shape, nil)
	return nil
}

// weighted adds a layer that computes the output of n, of which view tells where its
// elements stand.
func (p *planner) weighted(n *ir.Node, op operator, in *layer, shape snn.Shape, view []int32) {
	id := n.Out[0]
	l := p.add(&layer{op: op, in: []*layer{in}, shape: shape, source: id, current: id})
	l.view = p.set(id, l, view).view
}

// biasOf returns a constant input with an entry per output channel, nil where absent.
func (p *planner) biasOf(n *ir.Node, k int) ([]float32, error) {
	if k >= len(n.In) || n.In[k] == ir.None {
		return nil, nil
	}
	if b := p.constant(n, k); b != nil {
		return b.F, nil
	}
	return nil, errors.New("its bias is not constant")
}

// channelsLast reorders out, in, ky, kx to out, ky, kx, in.
func channelsLast(w *ir.Tensor) []float32 {
	channels, taps := w.Shape[1], product(w.Shape[2:])
	out := make([]float32, 0, len(w.F))
	for o := range w.Shape[0] {
		for t := range taps {
			for i := range channels {
				out = append(out, w.F[(o*channels+i)*taps+t])
			}
		}
	}
	return out
}

func (c *conv) build(b *builder, l *layer) (snn.Op, error) {
	f, bias := b.weightsOf(c, l)
	fan, outs := len(f)/l.shape.C, l.shape.C/c.groups
	for group := range c.groups {
		fold(f[group*outs*fan:][:outs*fan], c.scales(b, l, group))
	}
	w, err := b.weights(l, f, bias)
	return snn.Conv{Window: c.window, Groups: c.groups, W: w}, err
}

// fold multiplies each row of weights by the values of levels.
func fold(f, values []float32) {
	for i := range f {
		f[i] *= values[i%len(values)]
	}
}

func (c *conv) trained(*layer) (f, bias []float32, groups int) { return c.kernel(), c.bias, c.groups }

func (c *conv) scales(b *builder, l *layer, group int) []float32 {
	values := b.channelValues(l.in[0])
	channels := len(values) / c.groups
	taps := c.window.Kernel[0] * c.window.Kernel[1]
	return slices.Repeat(values[group*channels:][:channels], taps)
}

func (c *conv) patch(l *layer, dst, in []float32, at int) {
	from, w := l.in[0].shape, &c.window
	y0, x0 := at/l.shape.W*w.Stride[0]-w.Pad[0], at%l.shape.W*w.Stride[1]-w.Pad[1]
	channels := from.C / c.groups
	for g := range c.groups {
		for ky := range w.Kernel[0] {
			y := y0 + ky*w.Dilation[0]
			for kx := range w.Kernel[1] {
				pixel, x := dst[:channels], x0+kx*w.Dilation[1]
				dst = dst[channels:]
				if y < 0 || y >= from.H || x < 0 || x >= from.W {
					clear(pixel)
					continue
				}
				for i := range pixel {
					pixel[i] = in[((g*channels+i)*from.H+y)*from.W+x]
				}
			}
		}
	}
}
