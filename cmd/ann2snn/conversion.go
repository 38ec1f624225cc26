package main

import (
	"context"
	"path/filepath"

	"ann2snn"
	"ann2snn/calibrate"
	"ann2snn/convert"
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
	err = a.withStage("calibrating", &o, func() (err error) {
		p, err = m.Calibrate(ctx, in, o)
		return err
	})
	return p, err
}

// convertModel converts the model with the thresholds of o.Profile, or of a calibration
// on the samples where there is none. Fitting takes the same samples.
func (a *app) convertModel(ctx context.Context, m *ann2snn.Model, in *ann2snn.Samples, o ann2snn.Options) (n *ann2snn.Network, r *convert.Report, err error) {
	if o.Profile == nil {
		if o.Profile, err = a.profile(ctx, m, in, o); err != nil {
			return nil, nil, err
		}
	}
	err = a.withStage("converting", &o, func() (err error) {
		n, r, err = m.Convert(ctx, in, o)
		return err
	})
	return n, r, err
}

// withStage is withProgress for a stage of a conversion; o reports the progress.
func (a *app) withStage(stage string, o *ann2snn.Options, work func() error) error {
	o.Workers = a.workers()
	return a.withProgress(stage, func(progress func(done, total int)) error {
		if progress != nil {
			o.Progress = func(_ string, done, total int) { progress(done, total) }
		}
		return work()
	})
}
