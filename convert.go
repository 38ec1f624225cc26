package ann2snn

import (
	"context"
	"reflect"

	"ann2snn/calibrate"
	"ann2snn/convert"
	"ann2snn/internal/eval"
	"ann2snn/preprocess"
)

// Calibrate runs the model on samples and returns the statistics that thresholds are
// chosen from. They serve any number of conversions of the model, see
// [Options.Profile]; o.Profile itself is ignored.
func (m *Model) Calibrate(ctx context.Context, s *Samples, o Options) (*calibrate.Profile, error) {
	settled, madeUp, err := m.settle(s, o.seed())
	if err != nil {
		return nil, err
	}
	return m.calibrate(ctx, settled, madeUp, o)
}

func (m *Model) calibrate(ctx context.Context, s Samples, madeUp bool, o Options) (*calibrate.Profile, error) {
	count, err := o.samples()
	if err != nil {
		return nil, err
	}
	pre, err := s.Preprocess.Encode()
	if err != nil {
		return nil, err
	}
	sites, err := convert.Sites(m.graph)
	if err != nil {
		return nil, unsupported(err)
	}
	return calibrate.Run(ctx, m.graph, s.Source, calibrate.Options{
		Sites: sites, Samples: count, Seed: o.seed(), Method: o.Method, PerChannel: !o.PerLayer,
		Preprocess: pre, Synthetic: madeUp, Workers: o.Workers, Progress: o.progress("calibrating"),
	})
}

// densitySamples is how many samples tell which layers are sparse.
const densitySamples = 8

// Convert makes a spiking network of the model: it calibrates on the samples, unless
// o.Profile holds a calibration, converts, and fits the weights on the same samples.
// Where s is nil, samples are made up; see [Samples]. Nodes that cannot be converted are
// an [*UnsupportedError], a sample that cannot be read is a [*SampleError].
func (m *Model) Convert(ctx context.Context, s *Samples, o Options) (*Network, *convert.Report, error) {
	if _, err := o.Resolve(s == nil); err != nil { // mistakes show before the work
		return nil, nil, err
	}
	settled, madeUp, err := m.settleFor(o.Profile, s, o.seed())
	if err != nil {
		return nil, nil, err
	}
	if o.Profile == nil {
		if o.Profile, err = m.calibrate(ctx, settled, madeUp, o); err != nil {
			return nil, nil, err
		}
	}
	c, err := m.lowering(settled, madeUp, o)
	if err != nil {
		return nil, nil, err
	}
	n, r, err := convert.Lower(ctx, m.graph, o.Profile, c)
	if err != nil {
		return nil, nil, unsupported(err)
	}
	if err := eval.RecordData(n, settled.Name); err != nil {
		return nil, nil, err
	}
	count, err := o.samples()
	if err != nil {
		return nil, nil, err
	}
	few := calibrate.Pick(settled.Source, o.seed(), 0, min(densitySamples, count))
	if err := eval.MeasureDensity(ctx, n, few); err != nil {
		return nil, nil, err
	}
	return newNetwork(n), r, nil
}

// settleFor is settle beside a calibration, which p holds unless it is nil.
func (m *Model) settleFor(p *calibrate.Profile, s *Samples, seed uint64) (_ Samples, madeUp bool, err error) {
	if p == nil {
		return m.settle(s, seed)
	}
	if p.SHA256 != m.graph.Source.SHA256 {
		return Samples{}, false, failf(ErrOtherModel, "the profile was made from another model than %s (SHA-256 %.12s..., not %.12s...)",
			m.graph.Source.Path, p.SHA256, m.graph.Source.SHA256)
	}
	spec, err := preprocess.Parse(p.Preprocess)
	if err != nil {
		return Samples{}, false, err
	}
	if s == nil {
		return m.settle(&Samples{Preprocess: spec}, seed)
	}
	if !reflect.DeepEqual(s.Preprocess, spec) {
		return Samples{}, false, optionf("Profile", "it was made of samples with another preprocessing")
	}
	return m.settle(s, seed)
}

// LowerOptions returns what Convert hands to convert.Lower beside the profile, which has
// to be in o.
func (m *Model) LowerOptions(s *Samples, o Options) (convert.Options, error) {
	settled, madeUp, err := m.settleFor(o.Profile, s, o.seed())
	if err != nil {
		return convert.Options{}, err
	}
	return m.lowering(settled, madeUp, o)
}

func (m *Model) lowering(s Samples, madeUp bool, o Options) (convert.Options, error) {
	c, err := o.Resolve(o.Profile.Synthetic)
	if err != nil {
		return c, err
	}
	count, err := o.samples()
	if err != nil {
		return c, err
	}
	c.Source, c.Progress = s.Source, o.progress("converting")
	if o.Fit == nil && madeUp {
		c.Fit = convert.FitNone
	}
	switch c.Fit { // never on more than what is calibrated on: the rest may be held back
	case convert.FitBias:
		c.FitSamples = min(count, convert.DefaultFitSamples)
	case convert.FitRidge:
		c.FitSamples = count
	}
	if g := m.graph; len(s.Classes) == g.Type(g.Outputs[0]).Elems() { // else they are of some classes only
		c.Labels = s.Classes
	}
	return c, nil
}
