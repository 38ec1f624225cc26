package fill

import (
	"math"
	"slices"

	"ann2snn/convert/internal/plan"
	"ann2snn/snn"
)

// addNeuron puts neurons on the layer under construction. In an integer network their
// threshold becomes a whole number of the current's units.
func (b *Builder) addNeuron(l *plan.Layer) error {
	act, err := b.domain(l.Neuron)
	if err != nil {
		return err
	}
	n := &snn.Neuron{
		Format:    b.Format(l.Index),
		Threshold: slices.Clone(b.Choices[l.Index].Threshold),
		Signed:    !act.NonNegative(),
		Act:       act,
	}
	if b.Saturates(n.Act) && !b.Options.OwnLevels {
		for c, threshold := range n.Threshold {
			n.Threshold[c] = min(threshold, n.Act.B/float32(n.Format.Max()))
		}
		n.Act = snn.Activation{Fn: snn.Rectify}
	}
	switch {
	case b.Options.OwnLevels:
		b.ownNeuron(n, l.Neuron.Own)
	case b.Net.Integer:
		n.IntThreshold = integerThresholds(n.Threshold, b.current.Unit)
	}
	b.current.Neuron = n
	b.current.Scale = slices.Clone(n.Threshold)
	return nil
}

// Saturates reports whether integrate-and-fire neurons whose largest spike is worth the
// upper bound of act are bounded as act is, such as those of ReLU6. With refinement they are
// not: later steps add what the clipped spike of an earlier one lacks.
func (b *Builder) Saturates(act snn.Activation) bool {
	return act.Fn == snn.Clip && act.A == 0 && act.B > 0 && act.B < math.MaxFloat32 && !b.Options.Analog() && !b.Net.Refines()
}
