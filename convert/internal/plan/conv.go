package plan

import (
	"errors"

	"ann2snn/ir"
	"ann2snn/snn"
)

// Conv is a planned convolution.
type Conv struct {
	kernel func() []float32 // a copy of the weights in out, ky, kx, in/groups order
	bias   []float32        // per output channel; nil: 0
	Window snn.Window
	Groups int
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
	in := p.evenOrInput(v, "feeds the weights of "+p.Nodes[p.node].Name)
	shape := naturalShape(p.Graph.Type(n.Out[0]).Shape.Ints())
	kernel := func() []float32 { return channelsLast(w) }
	if p.lacksRoom(in, kernel, w.Shape[0]) {
		in = p.relayed(v).layer
	}
	p.weighted(n, &Conv{kernel: kernel, bias: bias, Window: window, Groups: op.Group}, in, shape, nil)
	return nil
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

func (c *Conv) Fan(l *Layer) (inputs, groups int) {
	return c.Window.Kernel[0] * c.Window.Kernel[1] * l.In[0].Shape.C / c.Groups, c.Groups
}

func (c *Conv) Trained(*Layer) (f, bias []float32) { return c.kernel(), c.bias }

func (c *Conv) Patch(l *Layer, dst, in []float32, at int) {
	from, w := l.In[0].Shape, &c.Window
	y0, x0 := at/l.Shape.W*w.Stride[0]-w.Pad[0], at%l.Shape.W*w.Stride[1]-w.Pad[1]
	channels := from.C / c.Groups
	for g := range c.Groups {
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
