package fill

import (
	"slices"

	"ann2snn/convert/internal/plan"
	"ann2snn/snn"
)

func (b *Builder) conv(c *plan.Conv, l *plan.Layer) (snn.Op, error) {
	f, bias := b.weightsOf(c, l)
	if value, ok := b.ownValue(l); ok {
		return snn.Conv{Window: c.Window, Groups: c.Groups, W: b.ownWeights(l, f, bias, value)}, nil
	}
	fan, outs := len(f)/l.Shape.C, l.Shape.C/c.Groups
	for group := range c.Groups {
		fold(f[group*outs*fan:][:outs*fan], b.convInputs(c, l, group))
	}
	w, err := b.weights(l, f, bias)
	return snn.Conv{Window: c.Window, Groups: c.Groups, W: w}, err
}

// fold multiplies each row of weights by the values of levels.
func fold(f, values []float32) {
	for i := range f {
		f[i] *= values[i%len(values)]
	}
}

// convInputs returns the level value of each input of a neuron in a group.
func (b *Builder) convInputs(c *plan.Conv, l *plan.Layer, group int) []float32 {
	values := b.channelValues(l.In[0])
	channels := len(values) / c.Groups
	taps := c.Window.Kernel[0] * c.Window.Kernel[1]
	return slices.Repeat(values[group*channels:][:channels], taps)
}
