package main

import (
	"context"
	"fmt"

	"ann2snn"
	"ann2snn/convert"
	"ann2snn/snn"
)

// leastAgreement is how many percent of the model's answers on the samples held back a network
// should keep; where answers are values, it is R² in points. Below it the user is told, and other
// settings are tried.
const leastAgreement = 95

// candidate is a conversion with its self-check.
type candidate struct {
	network *snn.Network
	report  *convert.Report
	check   *selfCheck
}

// doubtful reports whether a self-check shows that too many answers changed.
func (c *selfCheck) doubtful() bool {
	return c != nil && c.kept < leastAgreement
}

// settings are the flags that say which network the user wants.
var settings = []string{"bits", "format", "steps", "restim", "rho", "layer-bits", "weights"}

// improve looks for a better network than c, whose answers are doubtful. Where the flags leave
// the settings open, it takes 8 bits and one step, which lose least. Where they do not, it only
// says what those would come to.
func (a *app) improve(ctx context.Context, m *ann2snn.Model, in *ann2snn.Samples, o *convertOptions, options ann2snn.Options, c candidate) (candidate, error) {
	wide := options
	wide.Bits, wide.Steps, wide.Format, wide.Restim, wide.Rho, wide.LayerBits, wide.Weights, wide.Gate = 8, 1, snn.Format{}, nil, 0, nil, nil, false
	wide.Tune = 0 // 8 bits lose too little for it
	n, r, err := a.convertModel(ctx, m, in, wide)
	if err != nil {
		return c, err
	}
	other := candidate{network: n.SNN(), report: r}
	if other.check, err = a.selfCheck(ctx, m.Graph(), other.network, in, wide, o.task.value); err != nil {
		return c, err
	}
	open := true
	for _, name := range settings {
		open = open && !o.method.flags.Changed(name)
	}
	better := other.check.kept > c.check.kept
	switch {
	case better && open:
		other.report.Warnings = append(other.report.Warnings, fmt.Sprintf(
			"8 bits and one step were taken: they keep %s on %d samples held back, %d bits and %d steps keep %s",
			other.check.share("of the answers"), other.check.Samples, bitsOf(c.network), c.network.Steps, c.check.share("")))
		c = other
	case better:
		a.warn("on %d samples held back, this network gives %s only; --bits 8 --steps 1 would %s",
			c.check.Samples, c.check.answers(), other.check.how())
		return c, nil
	}
	if c.check.doubtful() {
		a.warn("on %d samples held back, this network gives %s only, and no setting that was tried does better: "+
			"do not trust it before you have looked at `ann2snn compare`, which says in which layer the error arises", c.check.Samples, c.check.answers())
	}
	return c, nil
}

// bitsOf returns the width of a network's widest spikes that are not the input's.
func bitsOf(n *snn.Network) int {
	bits := 0
	for i := range n.Layers {
		if neuron := n.Layers[i].Neuron; neuron != nil {
			bits = max(bits, neuron.Format.Bits())
		}
	}
	return bits
}
