package main

import (
	"context"
	"path/filepath"

	"ann2snn"
	"ann2snn/calibrate"
	"ann2snn/internal/dataset"
)

// fromSet describes a data set, or a part of it.
func fromSet(source calibrate.Source, set *dataset.Set, path string) *ann2snn.Samples {
	return &ann2snn.Samples{
		Source: source, Name: filepath.Base(path), Classes: set.Classes(), Preprocess: set.Preprocess(),
	}
}

// noteSamples says where there are fewer samples than --calib-samples asks for.
func (a *app) noteSamples(f *methodFlags, in *ann2snn.Samples, o ann2snn.Options) error {
	if !f.flags.Changed("calib-samples") || in.MadeUp {
		return nil
	}
	chosen, held, err := in.Split(o)
	if err == nil && chosen.Len() < f.calib {
		a.note("note: --calib-samples %d: there are %d, of which %d are calibrated on and %d held back to check the result",
			f.calib, in.Source.Len(), chosen.Len(), held.Len())
	}
	return err
}

// profile runs the calibration samples through the model.
func (a *app) profile(ctx context.Context, m *ann2snn.Model, in *ann2snn.Samples, o ann2snn.Options) (p *calibrate.Profile, err error) {
	err = a.withStages("calibrating", &o, func() (err error) {
		p, err = m.Calibrate(ctx, in, o)
		return err
	})
	return p, err
}

// convertModel converts the model with the thresholds of o.Profile, or of a calibration
// on the samples where there is none. Fitting takes the same samples.
func (a *app) convertModel(ctx context.Context, m *ann2snn.Model, in *ann2snn.Samples, o ann2snn.Options) (n *ann2snn.Network, r *ann2snn.Report, err error) {
	err = a.withStages("calibrating", &o, func() (err error) {
		n, r, err = m.Convert(ctx, in, o)
		return err
	})
	return n, r, err
}

// convertToCompare is convertModel for a network that is compared next: what was chosen is a note.
func (a *app) convertToCompare(ctx context.Context, m *ann2snn.Model, in *ann2snn.Samples, o ann2snn.Options) (*ann2snn.Network, error) {
	n, r, err := a.convertModel(ctx, m, in, o)
	if err != nil {
		return nil, err
	}
	if r.Choice != nil {
		a.note("%s", chosen(r.Choice))
	}
	a.warnOfLoss(r, &o)
	return n, nil
}

// withStages shows the progress that o reports, from the first stage on.
func (a *app) withStages(first string, o *ann2snn.Options, work func() error) error {
	o.Workers = a.workers()
	return a.showProgress(first, func(progress func(stage string, done, total int)) error {
		o.Progress = progress
		return work()
	})
}
