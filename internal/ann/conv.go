package ann

import (
	"ann2snn/internal/kernels"
	"ann2snn/ir"
)

// conv is a convolution: per group, the product of the weights and the patches of the
// padded input, which are packed panel by panel.
type conv struct {
	*windows
	weight, bias, out *value
	panel             *value  // scratch
	taps              []int32 // of all channels of a group
	groups            int
}

func buildConv(op ir.Conv, n *node) (step, error) {
	w := n.in[1]
	g, err := geometry(op.Window, w.shape[2:], n.in[0], n.out[0])
	if err != nil {
		return nil, err
	}
	windows, err := n.windows(g, 0)
	if err != nil {
		return nil, err
	}
	c := &conv{windows: windows, weight: w, bias: n.input(2), out: n.out[0], groups: op.Group}
	perGroup := w.shape[1]
	switch {
	case perGroup == 0:
		return c.run(func(*memory, []float32, []float32) {}), nil
	case perGroup == 1:
		return c.run(c.depthwise), nil
	case len(c.Start) == 1 && w.konst != nil:
		return newDot(c, n).step(), nil
	}
	c.taps = c.groupTaps(perGroup)
	c.panel = n.temporary(kernels.PanelsLen(len(c.taps), 1))
	return c.run(c.product), nil
}

// groupTaps lists the taps of channels neighbouring channels.
func (c *conv) groupTaps(channels int) []int32 {
	taps := make([]int32, 0, channels*len(c.Tap))
	for i := range channels {
		for _, t := range c.Tap {
			taps = append(taps, t+int32(i*c.Plane))
		}
	}
	return taps
}

// run makes the step that computes every sample by compute, which adds to the bias.
func (c *conv) run(compute func(m *memory, dst, src []float32)) step {
	return func(m *memory) error {
		size := product(c.out.shape[1:])
		for i := range c.out.shape[0] {
			dst := c.out.floats(m)[i*size : (i+1)*size]
			c.fillBias(m, dst)
			compute(m, dst, c.sample(m, i))
		}
		return nil
	}
}

// fillBias sets every output of a sample to its channel's bias.
func (c *conv) fillBias(m *memory, dst []float32) {
	if c.bias == nil {
		clear(dst)
		return
	}
	pixels := len(c.Start)
	for i, b := range c.bias.floats(m) {
		fillRow(dst[i*pixels:(i+1)*pixels], b)
	}
}

// product convolves by matrix products.
func (c *conv) product(m *memory, dst, src []float32) {
	panel, weight := c.panel.floats(m), c.weight.floats(m)
	pixels, depth := len(c.Start), len(c.taps)
	rows := c.weight.shape[0] / c.groups
	for g := range c.groups {
		x := src[g*c.weight.shape[1]*c.Plane:]
		y, w := dst[g*rows*pixels:], weight[g*rows*depth:(g+1)*rows*depth]
		for p := 0; p < pixels; p += kernels.PanelWidth {
			start := c.Start[p:min(p+kernels.PanelWidth, pixels)]
			kernels.PackPatches(panel, x, start, c.taps)
			kernels.Gemm(y[p:], pixels, w, panel, rows, depth, len(start))
		}
	}
}

// depthwise convolves where every group has one input channel.
func (c *conv) depthwise(m *memory, dst, src []float32) {
	weight := c.weight.floats(m)
	pixels, taps := len(c.Start), len(c.Tap)
	perGroup := c.weight.shape[0] / c.groups
	for i := range c.weight.shape[0] {
		x := src[i/perGroup*c.Plane:]
		kernels.Depthwise(dst[i*pixels:(i+1)*pixels], x, weight[i*taps:(i+1)*taps], c.Windows)
	}
}
