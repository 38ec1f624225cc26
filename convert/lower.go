package convert

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"ann2snn/calibrate"
	"ann2snn/internal/par"
	"ann2snn/ir"
	"ann2snn/snn"
)

// Lower converts a trained network, after ir/passes, into a spiking one, with thresholds
// from the statistics in p. Nodes that cannot be converted are an *UnsupportedError; a
// network in which nothing would spike is an error, too. The profile may be nil for
// analog neurons.
func Lower(ctx context.Context, g *ir.Graph, p *calibrate.Profile, o Options) (*snn.Network, *Report, error) {
	if err := o.check(p); err != nil {
		return nil, nil, err
	}
	if p != nil && p.SHA256 != g.Source.SHA256 {
		return nil, nil, fmt.Errorf("convert: the calibration belongs to another model (SHA-256 %.12s..., this one has %.12s...)",
			p.SHA256, g.Source.SHA256)
	}
	pl, err := completePlan(g)
	if err != nil {
		return nil, nil, err
	}
	if o.Gate {
		pl.addGates()
	}
	b, err := newBuilder(pl, p, o)
	if err != nil {
		return nil, nil, err
	}
	if err := b.chooseThresholds(ctx); err != nil {
		return nil, nil, err
	}
	if o.Fit == FitRidge {
		if err = b.fitRidge(ctx); err == nil && o.Gate {
			b.dropUnread()
		}
	} else {
		err = b.build()
	}
	if err != nil {
		return nil, nil, err
	}
	shifts := make([][]float64, len(pl.layers))
	if o.Fit == FitBias {
		if shifts, err = b.fitBias(ctx); err != nil {
			return nil, nil, err
		}
	}
	r := b.report(shifts)
	if b.net.Meta.Record, err = b.record(r); err != nil {
		return nil, nil, fmt.Errorf("convert: %w", err)
	}
	return b.net, r, nil
}

// builder fills a plan with numbers, layer by layer.
type builder struct {
	plan    *plan
	options Options
	profile *calibrate.Profile
	bits    []int              // of the spikes, per layer
	choices []calibrate.Choice // of thresholds, per layer
	net     *snn.Network
	current *snn.Layer // under construction
	fits    []*fitted  // per layer, where weights are fitted
	fitted  int        // samples that were fitted on
	notes   []string   // for the user, about single layers
}

func newBuilder(pl *plan, p *calibrate.Profile, o Options) (*builder, error) {
	b := &builder{
		plan: pl, options: o, profile: p,
		choices: make([]calibrate.Choice, len(pl.layers)),
		net: &snn.Network{
			Steps: o.Steps, Restim: o.Restim, Rho: o.Rho, Integer: o.Weights != Float32,
			Layers: make([]snn.Layer, len(pl.layers)),
			Output: pl.output.index,
			Host:   pl.host,
			Meta:   snn.Meta{SHA256: pl.graph.Source.SHA256, Labels: o.Labels},
		},
	}
	if pl.graph.Source.Path != "" {
		b.net.Meta.Model = filepath.Base(pl.graph.Source.Path)
	}
	if p != nil {
		b.net.Meta.Preprocess = p.Preprocess
	}
	return b, b.chooseBits()
}

// inputBits is the least width of neurons that stand for the network's input: what is
// lost there cannot be made up for later.
const inputBits = 8

// signedBits is the largest default width of spikes that may be negative in an integer
// network: with its sign a spike is a byte, which the fast kernels work on.
const signedBits = 7

// chooseBits sets the width of the spikes of each layer.
func (b *builder) chooseBits() error {
	b.bits = make([]int, len(b.plan.layers))
	unused := maps.Clone(b.options.LayerBits)
	for i, l := range b.plan.layers {
		if l.neuron == nil {
			continue
		}
		b.bits[i] = b.options.Format.Bits()
		if l.neuron.fine && !b.options.analog() {
			b.bits[i] = max(b.bits[i], inputBits)
		}
		if b.net.Integer && !l.neuron.act.NonNegative() {
			b.bits[i] = min(b.bits[i], signedBits)
		}
		for _, name := range []string{b.plan.graph.Value(l.source).Name, l.name} {
			if bits, ok := b.options.LayerBits[name]; ok {
				b.bits[i] = bits
				delete(unused, name)
			}
		}
	}
	if len(unused) > 0 {
		return fmt.Errorf("convert: no spiking layer is called %q (try inspect for the names)", slices.Sorted(maps.Keys(unused)))
	}
	return nil
}

// format is the format of the spikes of layer i: integer bits go first where it is
// narrower, fractional bits are added where it is wider than the network's.
func (b *builder) format(i int) snn.Format {
	f := b.options.Format
	m := min(int(f.M), b.bits[i])
	return snn.Format{M: uint8(m), N: uint8(b.bits[i] - m)}
}

// chooseThresholds applies the method to the sites of all neurons.
func (b *builder) chooseThresholds(ctx context.Context) error {
	return par.ForErr(ctx, len(b.plan.layers), b.options.Workers, func(_, i int) error {
		l := b.plan.layers[i]
		if l.neuron == nil {
			return nil
		}
		if b.options.analog() {
			b.choices[i].Threshold = slices.Repeat([]float32{1}, l.shape.C)
			return nil
		}
		stats, err := b.stats(l.neuron.site)
		if err != nil {
			return err
		}
		grid := calibrate.Grid{Max: 1<<b.bits[i] - 1, Steps: b.options.Steps, Rho: b.options.Rho}
		c, err := stats.Choose(b.options.Method, grid, b.options.PerChannel)
		if len(c.Threshold) == 1 {
			c.Threshold = slices.Repeat(c.Threshold, l.shape.C)
		}
		if err == nil && len(c.Threshold) != l.shape.C {
			err = fmt.Errorf("convert: the calibration of %q has %d channels, want %d (try to calibrate anew)", stats.Value, stats.Channels, l.shape.C)
		}
		b.choices[i] = c
		return err
	})
}

// stats returns the calibration of a site.
func (b *builder) stats(s *site) (*calibrate.Stats, error) {
	name := b.plan.graph.Value(s.value).Name
	stats := b.profile.Site(name)
	if stats == nil || s.signed && !stats.Signed {
		return nil, fmt.Errorf("convert: the calibration does not cover %q (try to calibrate anew)", name)
	}
	return stats, nil
}

func (b *builder) build() error {
	for _, l := range b.plan.layers {
		if err := b.layer(l); err != nil {
			return fmt.Errorf("convert: %q: %w", l.name, err)
		}
	}
	if err := b.net.Verify(); err != nil {
		return fmt.Errorf("convert: %w", err)
	}
	return nil
}

// layer builds a layer; those below it are built.
func (b *builder) layer(l *layer) error {
	b.current = &b.net.Layers[l.index]
	*b.current = snn.Layer{Name: l.name, Shape: l.shape}
	for _, in := range l.in {
		b.current.In = append(b.current.In, in.index)
	}
	if l.view == nil && !l.aside {
		b.current.ANNValue, b.current.ANNCurrent = b.nameOf(l.source), b.nameOf(l.current)
	}
	op, err := l.op.build(b, l)
	b.current.Op = op
	if l.neuron != nil {
		b.addNeuron(l)
	}
	return err
}

// fitOf is what was fitted of a layer, or nil.
func (b *builder) fitOf(l *layer) *fitted {
	if b.fits == nil {
		return nil
	}
	return b.fits[l.index]
}

// weightsOf is the weights and biases of a layer, fitted ones where there are any. The
// weights may be changed.
func (b *builder) weightsOf(op weighted, l *layer) (f, bias []float32) {
	f, bias, _ = op.trained(l)
	if fit := b.fitOf(l); fit != nil {
		f, bias = slices.Clone(fit.f), fit.bias
	}
	return f, bias
}

func (b *builder) nameOf(id ir.ValueID) string {
	if id == ir.None {
		return ""
	}
	return b.plan.graph.Value(id).Name
}

// addNeuron puts neurons on the layer under construction. In an integer network their
// threshold becomes a whole number of the current's units.
func (b *builder) addNeuron(l *layer) {
	n := &snn.Neuron{
		Format:    b.format(l.index),
		Threshold: slices.Clone(b.choices[l.index].Threshold),
		Signed:    !l.neuron.act.NonNegative(),
		Act:       l.neuron.act,
	}
	if b.saturates(n.Act) {
		for c, threshold := range n.Threshold {
			n.Threshold[c] = min(threshold, n.Act.B/float32(n.Format.Max()))
		}
		n.Act = snn.Activation{Fn: snn.Rectify}
	}
	if b.net.Integer {
		n.IntThreshold = wholeLevels(n.Threshold, b.current.Unit)
	}
	b.current.Neuron = n
	b.current.Scale = slices.Clone(n.Threshold)
}

// values is the value of a level of a layer that is built: one for all, one per channel
// or one per element; none means 1.
func (b *builder) values(l *layer) []float32 { return b.net.Layers[l.index].LevelValue() }

// channelValues is values spelled out per channel.
func (b *builder) channelValues(l *layer) []float32 { return spell(b.values(l), l.shape.C) }

// elementValues is values spelled out per element.
func (b *builder) elementValues(l *layer) []float32 { return spell(b.values(l), l.shape.Len()) }

// spell repeats values until there are n; none means 1.
func spell(values []float32, n int) []float32 {
	if len(values) == 0 {
		values = []float32{1}
	}
	return slices.Repeat(values, n/len(values))
}

// weights are the parameters of the layer under construction, f having a row of inputs
// for each output channel.
func (b *builder) weights(l *layer, f, bias []float32) (snn.Weights, error) {
	if bias == nil {
		bias = make([]float32, l.shape.C)
	}
	if b.net.Integer {
		return b.integerWeights(l, f, bias)
	}
	return snn.Weights{F: f, Bias: slices.Clone(bias)}, nil
}
