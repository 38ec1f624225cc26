package fill

import (
	"slices"

	"ann2snn/convert/internal/plan"
	"ann2snn/snn"
)

// Fitted are weights that take the place of a layer's trained ones.
type Fitted struct {
	F, Bias []float32 // as Weighted.Trained returns them; for a gate, GateTaps per channel
	// Rounders round the weights of an integer network, one for the neurons of each group.
	// Weights are rounded to the nearest where there is none.
	Rounders []Rounder
}

// Rounder rounds the weights of neurons that share their inputs.
type Rounder interface {
	// Round rounds the weights of a neuron, per level of its inputs, to whole numbers of
	// unit, of a magnitude of at most largest. It returns the bias that makes up for what
	// rounding does on average.
	Round(dst []int8, weights []float32, bias float32, unit float64, largest int) float32
}

// rounder returns the rounder of a channel, or nil.
func (f *Fitted) rounder(channel, channels int) Rounder {
	if f == nil || len(f.Rounders) == 0 {
		return nil
	}
	return f.Rounders[channel*len(f.Rounders)/channels]
}

// Replace gives a layer other weights than the trained ones, from the next time on that it
// is built.
func (b *Builder) Replace(l *plan.Layer, f *Fitted) { b.fitted[l.Index] = f }

// Done gives up what Replace gave a built layer, which takes much memory: the layer cannot be
// built again.
func (b *Builder) Done(l *plan.Layer) {
	if _, ok := l.Op.(plan.Weighted); ok && b.fitted[l.Index] != nil {
		b.fitted[l.Index], b.done[l.Index] = nil, true
	}
}

// weightsOf returns the weights and biases of a layer, fitted ones where there are any. The
// weights may be changed.
func (b *Builder) weightsOf(op plan.Weighted, l *plan.Layer) (f, bias []float32) {
	if fit := b.fitted[l.Index]; fit != nil {
		return slices.Clone(fit.F), fit.Bias
	}
	return op.Trained(l)
}

// weights are the parameters of the layer under construction, f having a row of inputs
// for each output channel.
func (b *Builder) weights(l *plan.Layer, f, bias []float32) (snn.Weights, error) {
	if bias == nil {
		bias = make([]float32, l.Shape.C)
	}
	switch {
	case b.Options.OwnLevels: // of inputs that differ in value
		return b.ownWeights(l, f, bias, 1), nil
	case b.Net.Integer:
		return b.integerWeights(l, f, bias)
	}
	return snn.Weights{F: f, Bias: slices.Clone(bias)}, nil
}

// InputValues returns the level value of each input of a neuron in a group.
func (b *Builder) InputValues(l *plan.Layer, group int) []float32 {
	if op, ok := l.Op.(*plan.Conv); ok {
		return b.convInputs(op, l, group)
	}
	return b.elementValues(l.In[0])
}
