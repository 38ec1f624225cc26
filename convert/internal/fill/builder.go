package fill

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"ann2snn/calibrate"
	"ann2snn/convert/internal/plan"
	"ann2snn/ir"
	"ann2snn/snn"
)

// Builder fills a plan with numbers, layer by layer. Its Choices may be changed, and
// weights replaced, before a layer is built or built again.
type Builder struct {
	Plan    *plan.Plan
	Options Options
	Profile *calibrate.Profile // nil for analog neurons
	Bits    []int              // of the spikes, per layer
	Choices []calibrate.Choice // of thresholds, per layer
	Net     *snn.Network       // its first layers are built
	Inexact []string           // where numbers of a quantised model could not be kept

	sites   map[string]*calibrate.Stats // of the profile, by name
	current *snn.Layer                  // under construction
	fitted  []*Fitted                   // per layer; nil: the trained weights stand
	done    []bool                      // per layer: it will not be built again
	proof   *snn.Proof                  // of the layers that are built, as far as it was asked for
	coarser []float64                   // per layer: how many times as coarse 32 bits make weights as they should be
}

// New returns a builder of which no layer is built.
func New(pl *plan.Plan, p *calibrate.Profile, o Options) (*Builder, error) {
	b := &Builder{
		Plan: pl, Options: o, Profile: p,
		Choices: make([]calibrate.Choice, len(pl.Layers)),
		fitted:  make([]*Fitted, len(pl.Layers)),
		done:    make([]bool, len(pl.Layers)),
		coarser: make([]float64, len(pl.Layers)),
		Net: &snn.Network{
			Steps: o.Steps, Restim: o.Restim, Rho: o.Rho, Integer: o.LargestWeight > 0,
			Layers: make([]snn.Layer, len(pl.Layers)),
			Output: pl.Output.Index,
			Host:   pl.Host,
			Meta:   snn.Meta{SHA256: pl.Graph.Source.SHA256, Labels: o.Labels},
		},
	}
	if pl.Graph.Source.Path != "" {
		b.Net.Meta.Model = filepath.Base(pl.Graph.Source.Path)
	}
	if p != nil {
		b.Net.Meta.Preprocess = p.Preprocess
		b.sites = make(map[string]*calibrate.Stats, len(p.Sites))
		for i := range p.Sites {
			b.sites[p.Sites[i].Value] = &p.Sites[i]
		}
	}
	b.proof = snn.NewProof(b.Net)
	return b, b.chooseBits()
}

// Build builds all layers.
func (b *Builder) Build(ctx context.Context) error {
	for _, l := range b.Plan.Layers {
		err := ctx.Err()
		if err == nil {
			err = b.Layer(l)
		}
		if err != nil {
			return fmt.Errorf("convert: %q: %w", l.Name, err)
		}
	}
	return b.Verify()
}

// Verify checks the network once all layers are built.
func (b *Builder) Verify() error {
	if err := b.Net.Verify(); err != nil {
		return fmt.Errorf("convert: %w", err)
	}
	return nil
}

// Prove verifies the first n layers, which are built, as far as that has not been done.
func (b *Builder) Prove(n int) (*snn.Proof, error) { return b.proof, b.proof.Extend(n) }

// Layer builds a layer, or builds it again; those below it are built.
func (b *Builder) Layer(l *plan.Layer) error {
	if b.done[l.Index] {
		return errors.New("it is built again without the weights that it was fitted with (this is a bug)")
	}
	b.proof.Forget(l.Index)
	b.current = &b.Net.Layers[l.Index]
	*b.current = snn.Layer{Name: l.Name, Shape: l.Shape}
	for _, in := range l.In {
		b.current.In = append(b.current.In, in.Index)
	}
	if l.View == nil && !l.Auxiliary {
		b.current.ANNValue, b.current.ANNCurrent = b.nameOf(l.Source), b.nameOf(l.Current)
	}
	op, err := b.op(l)
	b.current.Op = op
	if err == nil && l.Neuron != nil {
		err = b.addNeuron(l)
	}
	return err
}

// op returns the operator of a layer with its numbers. It sets Scale and Unit of the layer
// under construction where the layer has no neurons to do so.
func (b *Builder) op(l *plan.Layer) (snn.Op, error) {
	switch op := l.Op.(type) {
	case plan.Input:
		return b.input(op)
	case *plan.Conv:
		return b.conv(op, l)
	case *plan.Dense:
		return b.dense(op, l)
	case *plan.Sum:
		return b.sum(op, l)
	case plan.Product:
		return b.product(l), nil
	case *plan.Gate:
		return b.gate(op, l)
	case plan.SumPool:
		return b.sumPool(op, l), nil
	case plan.MaxPool:
		return b.maxPool(op, l), nil
	case plan.Gather:
		return b.gather(op, l), nil
	case plan.Concat:
		b.concatValues(l)
		return snn.Concat{}, nil
	}
	return nil, fmt.Errorf("a planned operator of type %T has no numbers (this is a bug)", l.Op)
}

func (b *Builder) nameOf(id ir.ValueID) string {
	if id == ir.None {
		return ""
	}
	return b.Plan.Graph.Value(id).Name
}

// LevelValues returns the level values of a built layer: one for all elements, one per
// channel or one per element; none means 1.
func (b *Builder) LevelValues(l *plan.Layer) []float32 { return b.Net.Layers[l.Index].LevelValue() }

// channelValues returns a level value per channel.
func (b *Builder) channelValues(l *plan.Layer) []float32 {
	return plan.Repeat(b.LevelValues(l), l.Shape.C)
}

// elementValues returns a level value per element.
func (b *Builder) elementValues(l *plan.Layer) []float32 {
	return plan.Repeat(b.LevelValues(l), l.Shape.Len())
}

// DropUnread drops layers that nothing reads any more from the plan and from the network.
func (b *Builder) DropUnread() {
	before := slices.Clone(b.Plan.Layers)
	b.Plan.DropUnread()
	b.proof.Forget(0)
	place := make([]int, len(before))
	kept := 0
	for i, l := range before {
		if kept < len(b.Plan.Layers) && b.Plan.Layers[kept] == l {
			b.Bits[kept], b.Choices[kept], b.Net.Layers[kept] = b.Bits[i], b.Choices[i], b.Net.Layers[i]
			b.coarser[kept] = b.coarser[i]
			place[i] = kept
			kept++
		}
	}
	b.Net.Layers = b.Net.Layers[:kept]
	for _, l := range b.Net.Layers {
		for k, from := range l.In {
			l.In[k] = place[from]
		}
	}
	b.Net.Output = b.Plan.Output.Index
}

// Saturates reports whether integrate-and-fire neurons whose largest spike is worth the

// Again returns a builder of the same plan, with the same choices and fitted weights, of which
// no layer is built.
func (b *Builder) Again() (*Builder, error) {
	again, err := New(b.Plan, b.Profile, b.Options)
	if err != nil {
		return nil, err
	}
	again.Bits = slices.Clone(b.Bits)
	again.fitted = slices.Clone(b.fitted)
	for i, c := range b.Choices {
		c.Threshold = slices.Clone(c.Threshold)
		again.Choices[i] = c
	}
	return again, nil
}
