package convert

import (
	"context"
	"fmt"

	"ann2snn/calibrate"
	"ann2snn/convert/internal/fill"
	"ann2snn/convert/internal/fit"
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
	b, note, err := prepare(ctx, g, p, &o)
	if err != nil {
		return nil, nil, err
	}
	done, err := buildAndFit(ctx, b, &o)
	if err != nil {
		return nil, nil, err
	}
	if b, done, err = keepBetter(ctx, b, done, &o); err != nil {
		return nil, nil, err
	}
	trained, err := train(ctx, &b, &o)
	if err != nil {
		return nil, nil, err
	}
	notes, err := checkWeights(b)
	notes = append(notes, b.Inexact...)
	if err != nil {
		return nil, nil, err
	}
	if note != "" {
		notes = append(notes, note)
	}
	r := report(b, done)
	r.addTraining(trained)
	r.Warnings = append(r.Warnings, notes...)
	if b.Net.Meta.Record, err = record(b, &o, r); err != nil {
		return nil, nil, fmt.Errorf("convert: %w", err)
	}
	return b.Net, r, nil
}

// buildAndFit builds all layers. The ridge fit builds them one by one, as each is fitted on
// the outputs of those before it; biases are fitted in the whole network.
func buildAndFit(ctx context.Context, b *fill.Builder, o *Options) (*fit.Result, error) {
	if o.Fit == FitRidge {
		return fit.Ridge(ctx, b, o.fit(b.Profile))
	}
	if err := b.Build(ctx); err != nil {
		return nil, err
	}
	if o.Fit == FitBias {
		return fit.Bias(ctx, b, o.fit(b.Profile))
	}
	return &fit.Result{}, nil
}
