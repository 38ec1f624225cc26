package fill

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"ann2snn/calibrate"
	"ann2snn/convert/internal/plan"
	"ann2snn/internal/par"
	"ann2snn/snn"
)

// inputBits is the least width of the spikes of neurons that stand for the network's input:
// later layers cannot restore what is lost there.
const inputBits = 8

// signedBits is the largest default width of spikes that may be negative in an integer
// network: with its sign a spike is a byte, which the fast kernels take.
const signedBits = 7

// chooseBits sets the width of the spikes of each layer.
func (b *Builder) chooseBits() error {
	b.Bits = make([]int, len(b.Plan.Layers))
	unused := maps.Clone(b.Options.LayerBits)
	producers := b.Plan.Graph.Producers()
	for i, l := range b.Plan.Layers {
		if l.Neuron == nil {
			continue
		}
		if b.Options.OwnLevels {
			b.Bits[i] = l.Neuron.Own.Bits()
			continue
		}
		b.Bits[i] = b.Options.Format.Bits()
		if l.Neuron.Fine && !b.Options.Analog() {
			b.Bits[i] = max(b.Bits[i], inputBits)
		}
		if b.Net.Integer && !l.Neuron.Act.NonNegative() {
			b.Bits[i] = min(b.Bits[i], signedBits)
		}
		names := []string{b.Plan.Graph.Value(l.Source).Name, l.Name}
		if p := producers[l.Source]; p >= 0 { // of the activation that the neurons stand for
			names = append([]string{b.Plan.Graph.Nodes[p].Name}, names...)
		}
		for _, name := range names {
			if bits, ok := b.Options.LayerBits[name]; ok {
				b.Bits[i] = bits
				delete(unused, name)
			}
		}
	}
	if len(unused) > 0 {
		return fmt.Errorf("convert: no spiking layer is called %q%s", slices.Min(slices.Collect(maps.Keys(unused))), b.spikingLayers())
	}
	return nil
}

// spikingLayers proposes the names of spiking layers.
func (b *Builder) spikingLayers() string {
	var names []string
	for _, l := range b.Plan.Layers {
		if l.Neuron != nil {
			names = append(names, strconv.Quote(l.Name))
		}
	}
	const most = 8
	if more := len(names) - most; more > 0 {
		names = append(names[:most], fmt.Sprintf("%d more", more))
	}
	return " (try one of " + strings.Join(names, ", ") + ")"
}

// Format returns the format of the spikes of layer i. Where it is narrower than the
// network's, it loses fractional bits first; where it is wider, it gains fractional bits.
func (b *Builder) Format(i int) snn.Format {
	f := b.Options.Format
	m := min(int(f.M), b.Bits[i])
	return snn.Format{M: uint8(m), N: uint8(b.Bits[i] - m)}
}

// ChooseThresholds applies the method to the sites of all neurons.
func (b *Builder) ChooseThresholds(ctx context.Context) error {
	return par.ForErr(ctx, len(b.Plan.Layers), b.Options.Workers, func(_, i int) error {
		l := b.Plan.Layers[i]
		if l.Neuron == nil {
			return nil
		}
		if b.Options.OwnLevels {
			b.Choices[i].Threshold = slices.Repeat([]float32{l.Neuron.Own.Step}, l.Shape.C)
			return nil
		}
		if b.Options.Analog() {
			b.Choices[i].Threshold = slices.Repeat([]float32{1}, l.Shape.C)
			return nil
		}
		stats, err := b.stats(l.Neuron.Site)
		if err != nil {
			return err
		}
		c, err := stats.Choose(b.Options.Method, b.Grid(l), b.Options.PerChannel, b.Profile.Samples)
		if err != nil {
			return fmt.Errorf("convert: %q: %w", l.Name, err)
		}
		if len(c.Threshold) == 1 {
			c.Threshold = slices.Repeat(c.Threshold, l.Shape.C)
		}
		if len(c.Threshold) != l.Shape.C {
			return fmt.Errorf("convert: the calibration of %q has %d channels, want %d (try to calibrate anew)", stats.Value, stats.Channels, l.Shape.C)
		}
		b.Choices[i] = c
		return nil
	})
}

// Grid is the grid that the thresholds of a layer's neurons are chosen on. With refinement
// it is that of the first step: its spikes drive all later layers, and each of these is
// driven wrongly where the first step is left short for later ones to make up for.
// Later steps correct what it rounds and what it clips.
func (b *Builder) Grid(l *plan.Layer) calibrate.Grid {
	g := calibrate.Grid{Max: 1<<b.Bits[l.Index] - 1, Steps: b.Options.Steps, Rho: 1}
	if b.Options.Restim == snn.RestimRefine {
		g.Steps = 1
	}
	return g
}

// stats returns the calibration of a site.
func (b *Builder) stats(s *plan.Site) (*calibrate.Stats, error) {
	name := b.Plan.Graph.Value(s.Value).Name
	stats := b.sites[name]
	if stats == nil || s.Signed && !stats.Signed {
		return nil, fmt.Errorf("convert: the calibration does not cover %q (try to calibrate anew)", name)
	}
	return stats, nil
}
