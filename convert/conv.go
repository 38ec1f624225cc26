package convert

import (
	"errors"

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
	f := c.kernel()
	values := b.channelValues(l.in[0])
	perGroup := len(values) / c.groups
	fan := len(f) / l.shape.C
	for i := range f {
		group := i / fan / (l.shape.C / c.groups)
		f[i] *= values[group*perGroup+i%perGroup]
	}
	w, err := b.weights(l, f, c.bias)
	return snn.Conv{Window: c.window, Groups: c.groups, W: w}, err
}
