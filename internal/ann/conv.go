package ann

import (
	"ann2snn/internal/kernels/f32"
	"ann2snn/ir"
)

// conv is a convolution that reads a padded input through windows.
type conv struct {
	*windows
	weight, bias, out *value
	taps              []int32 // of all channels of a group
	groups            int
}

func buildConv(op ir.Conv, n *node) (step, error) {
	w := n.in[1]
	g, err := geometry(op.Window, w.shape[2:], n.in[0], n.out[0])
	if err != nil {
		return nil, err
	}
	if bias := n.input(2); n.in[0].n > 0 && n.in[0].isMap() && w.constant != nil && (bias == nil || bias.constant != nil) {
		return buildMapConv(op, g, n)
	}
	n.toONNXOrder()
	perGroup := w.shape[1]
	windows, err := n.windows(g, 0)
	if err != nil {
		return nil, err
	}
	c := &conv{windows: windows, weight: w, bias: n.input(2), out: n.out[0], groups: op.Group}
	c.taps = c.groupTaps(perGroup)
	if perGroup == 1 {
		return c.run(c.depthwise), nil
	}
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

// run makes the step that computes every sample by compute.
func (c *conv) run(compute func(m *memory, dst, src []float32)) step {
	return func(m *memory) error {
		size := product(c.out.shape[1:])
		for i := range c.out.shape[0] {
			compute(m, c.out.floats(m)[i*size:(i+1)*size], c.sample(m, i))
		}
		return nil
	}
}

// filters returns the weights of a group, a row per output channel.
func (c *conv) filters(weight []float32, group int) f32.Matrix {
	rows, depth := c.weight.shape[0]/c.groups, len(c.taps)
	m := f32.RowMajor(weight[group*rows*depth:(group+1)*rows*depth], depth)
	m.Rows = rows // also where there is nothing to add up
	return m
}

// product convolves over any number of axes by matrix products.
func (c *conv) product(m *memory, dst, src []float32) {
	rows, pixels := c.weight.shape[0]/c.groups, len(c.Start)
	for g := range c.groups {
		var bias []float32
		if c.bias != nil {
			bias = c.bias.floats(m)[g*rows:]
		}
		maps := f32.RowMajor(dst[g*rows*pixels:(g+1)*rows*pixels], pixels)
		x := src[g*c.weight.shape[1]*c.Plane:]
		m.gemm.MulPatches(maps, c.filters(c.weight.floats(m), g), x, c.Start, c.taps, bias)
	}
}

// depthwise convolves where every group has one input channel.
func (c *conv) depthwise(m *memory, dst, src []float32) {
	weight := c.weight.floats(m)
	pixels, taps := len(c.Start), len(c.Tap)
	perGroup := c.weight.shape[0] / c.groups
	c.fillBias(m, dst)
	for i := range c.weight.shape[0] {
		x := src[i/perGroup*c.Plane:]
		f32.ConvPlane(dst[i*pixels:(i+1)*pixels], x, weight[i*taps:(i+1)*taps], c.Windows)
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
