package ann

import (
	"ann2snn/internal/kernels"
	"ann2snn/ir"
)

// conv2D is a convolution over one or two axes: the kernel pads as it reads.
type conv2D struct {
	kernel                *kernels.ConvF32
	in, weight, bias, out *value
	groups                int
}

func newConv2D(op ir.Conv, g kernels.Geometry, n *node) *conv2D {
	c := &conv2D{in: n.in[0], weight: n.in[1], bias: n.input(2), out: n.out[0], groups: op.Group}
	in, out, begin := planar(g.In, 1), planar(g.Out, 1), planar(g.Begin, 0)
	window := kernels.SpikeWindow{
		Kernel: planar(g.Kernel, 1), Stride: planar(g.Strides, 1), Dilation: planar(g.Dilations, 1),
		Pad: [4]int{begin[0], begin[1]}, // what is needed behind the map follows from out
	}
	c.kernel = kernels.NewConvF32(
		kernels.SpikeMap{H: in[0], W: in[1], C: c.in.shape[1]},
		kernels.SpikeMap{H: out[0], W: out[1], C: c.out.shape[1]}, window, c.groups)
	return c
}

// planar gives a list for one axis a first axis.
func planar(list []int, first int) [2]int {
	if len(list) == 1 {
		return [2]int{first, list[0]}
	}
	return [2]int(list)
}

func (c *conv2D) step(m *memory) error {
	filters := kernels.FiltersF32{Weights: c.weight.floats(m)}
	if c.bias != nil {
		filters.Bias = c.bias.floats(m)
	}
	in, out := product(c.in.shape[1:]), product(c.out.shape[1:])
	for i := range c.out.shape[0] {
		dst, src := c.out.floats(m)[i*out:(i+1)*out], c.in.floats(m)[i*in:(i+1)*in]
		for g := range c.groups {
			c.kernel.Run(m.gemm, dst, src, filters, g, 0, c.out.shape[1]/c.groups)
		}
	}
	return nil
}
