package main

import (
	"context"
	"encoding/json"
	"path/filepath"

	"ann2snn/calibrate"
	"ann2snn/convert"
	"ann2snn/internal/dataset"
	"ann2snn/ir"
	"ann2snn/preprocess"
	"ann2snn/snn"
)

// calibrationInput is what a model is calibrated on.
type calibrationInput struct {
	source     calibrate.Source
	name       string // for reports
	labels     []string
	preprocess json.RawMessage
	synthetic  bool
}

// fromSet describes a data set, or a part of it.
func fromSet(source calibrate.Source, set *dataset.Set, path string) (*calibrationInput, error) {
	pre, err := set.Preprocess().Encode()
	if err != nil {
		return nil, err
	}
	return &calibrationInput{source: source, name: filepath.Base(path), labels: set.Classes(), preprocess: pre}, nil
}

// madeUpInput stands in where there are no data.
func madeUpInput(shape []int, p preprocess.Spec, seed uint64) (*calibrationInput, error) {
	pre, err := p.Encode()
	if err != nil {
		return nil, err
	}
	return &calibrationInput{source: syntheticSource(shape, p, seed), name: "made-up samples", preprocess: pre, synthetic: true}, nil
}

// lower converts g with thresholds from p, or from a calibration on in where p is nil.
// Fitting takes the samples of in.
func (a *app) lower(ctx context.Context, g *ir.Graph, p *calibrate.Profile, in *calibrationInput, f *methodFlags) (n *snn.Network, r *convert.Report, err error) {
	if p == nil {
		if p, err = a.profile(ctx, g, in, f); err != nil {
			return nil, nil, err
		}
	}
	o, err := a.lowerOptions(g, p, in, f)
	if err != nil {
		return nil, nil, err
	}
	err = a.withProgress("converting", func(progress func(done, total int)) (err error) {
		o.Progress = progress
		n, r, err = convert.Lower(ctx, g, p, o)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	return n, r, recordData(n, in.name)
}

// lowerOptions are the options of a conversion with thresholds from p.
func (a *app) lowerOptions(g *ir.Graph, p *calibrate.Profile, in *calibrationInput, f *methodFlags) (convert.Options, error) {
	o, err := f.options(p.Synthetic)
	if err != nil {
		return o, err
	}
	o.Source, o.Workers = in.source, a.workers()
	if f.fit == "" && in.synthetic {
		o.Fit = convert.FitNone
	}
	switch o.Fit { // never on more than what is calibrated on: the rest may be held back
	case convert.FitBias:
		o.FitSamples = min(f.calib, convert.DefaultFitSamples)
	case convert.FitRidge:
		o.FitSamples = f.calib
	}
	if len(in.labels) == g.Type(g.Outputs[0]).Elems() { // else they are of some classes only
		o.Labels = in.labels
	}
	return o, nil
}
