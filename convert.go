package ann2snn

import (
	"context"
	"reflect"
	"strings"

	"ann2snn/calibrate"
	"ann2snn/convert"
	"ann2snn/internal/eval"
	"ann2snn/internal/search"
	"ann2snn/preprocess"
	"ann2snn/snn"
)

// Calibrate runs the model on samples and returns the statistics that thresholds are
// chosen from. They serve any number of conversions of the model, see
// [Options.Profile]; o.Profile itself is ignored.
func (m *Model) Calibrate(ctx context.Context, s *Samples, o Options) (*calibrate.Profile, error) {
	if err := m.sound(); err != nil {
		return nil, err
	}
	o.Profile = nil
	s, err := m.samplesFor(s, &o)
	if err != nil {
		return nil, err
	}
	source, _, err := s.Split(o)
	if err != nil {
		return nil, err
	}
	stored, err := s.Preprocess.Encode()
	if err != nil {
		return nil, err
	}
	sites, err := convert.Sites(ctx, m.graph)
	if err != nil {
		return nil, unsupported(err)
	}
	return calibrate.Run(ctx, m.graph, source, calibrate.Options{
		Sites: sites, Samples: source.Len(), Seed: o.seed(), Method: o.Method, PerChannel: !o.PerLayer,
		Preprocess: stored, Synthetic: s.MadeUp, Workers: o.Workers, Progress: o.progress("calibrating"),
	})
}

// Convert makes a spiking network of the model: it calibrates on the samples, unless
// o.Profile holds a calibration, converts, and fits the weights on the same samples.
// Some samples are held back from all this, see [Samples.Split]. By them it checks the result, and
// chooses among settings that o leaves open, see [Effort].
// Where s is nil, samples are made up; see [Model.MadeUp]. The report says what became of
// each layer, with warnings for people. Nodes that cannot be converted are an
// [*UnsupportedError], a sample that cannot be read is a [*SampleError].
func (m *Model) Convert(ctx context.Context, s *Samples, o Options) (*Network, *Report, error) {
	if err := m.sound(); err != nil {
		return nil, nil, err
	}
	s, err := m.samplesFor(s, &o)
	if err != nil {
		return nil, nil, err
	}
	if _, err := m.LowerOptions(s, o); err != nil { // mistakes show before the work
		return nil, nil, err
	}
	keeps := m.KeepsLevels(ctx, o)
	if o.Profile == nil && !keeps {
		if o.Profile, err = m.Calibrate(ctx, s, o); err != nil {
			return nil, nil, err
		}
	}
	r, n, judges, err := m.choose(ctx, s, o, keeps)
	if err != nil {
		return nil, nil, unsupported(err)
	}
	if keeps { // no profile has brought it
		if n.Meta.Preprocess, err = s.Preprocess.Encode(); err != nil {
			return nil, nil, err
		}
	}
	chosen, _, err := s.Split(o)
	if err != nil {
		return nil, nil, err
	}
	if err := m.recordTask(n, chosen, r.Check, o); err != nil {
		return nil, nil, err
	}
	if err := eval.Complete(ctx, n, s.Name, chosen); err != nil {
		return nil, nil, err
	}
	if err := m.MarkCalibrated(ctx, n, s, o, judges...); err != nil {
		return nil, nil, err
	}
	return newNetwork(n), r, nil
}

// MarkCalibrated stores with a network, which was made of s and o, the hashes of the samples
// that it was calibrated on, held back ones included, and of other samples that it was chosen
// by. Convert does so by itself.
func (m *Model) MarkCalibrated(ctx context.Context, n *snn.Network, s *Samples, o Options, others ...calibrate.Source) error {
	s, err := m.samplesFor(s, &o)
	if err != nil {
		return err
	}
	if !s.MadeUp {
		chosen, heldBack, err := s.Split(o)
		if err != nil {
			return err
		}
		others = append(others, chosen, heldBack)
	}
	return eval.MarkCalibrated(ctx, n, o.Profile, n.Layers[0].Shape.Len(), o.Workers, others...)
}

// recordTask notes in a network what its output is for: what was asked for or, where it was
// checked, what that took it for.
func (m *Model) recordTask(n *snn.Network, s calibrate.Source, c *Check, o Options) error {
	task, err := o.task()
	if err != nil {
		return err
	}
	labelled, err := m.labelled(s)
	if err != nil {
		return err
	}
	return eval.RecordTask(n, m.graph, task, labelled, c.Settled())
}

// labelled reports whether samples have labels.
func (m *Model) labelled(s calibrate.Source) (bool, error) {
	if s.Len() == 0 {
		return false, nil
	}
	label, err := s.Sample(0, make([]float32, m.graph.Type(m.graph.Inputs[0]).Elems()))
	return label >= 0, err
}

// choose converts, and chooses where there are samples to choose by, which it returns. With keeps
// there is nothing to choose: the levels are the model's.
func (m *Model) choose(ctx context.Context, s *Samples, o Options, keeps bool) (*Report, *snn.Network, []calibrate.Source, error) {
	task, err := o.task()
	if err != nil {
		return nil, nil, nil, err
	}
	candidates, err := m.candidates(s, o)
	if keeps {
		candidates, err = m.ownLevels(s, o)
	}
	if err != nil {
		return nil, nil, nil, err
	}
	first := &candidates[0].Convert
	judges, err := m.judges(ctx, s, o, first)
	if err != nil {
		return nil, nil, nil, err
	}
	if judges == nil {
		first.Progress = o.progress("converting")
		n, r, err := convert.Lower(ctx, m.graph, o.Profile, *first)
		return &Report{Report: r}, n, nil, err
	}
	c := search.ChooseOptions{
		Graph: m.graph, Profile: o.Profile, HeldBack: judges, Task: task, Candidates: candidates,
		All: o.Effort == EffortBest, Workers: o.Workers, Progress: o.Progress,
	}
	if o.Effort == EffortFast {
		c.Most = 1
	}
	choice, err := search.Choose(ctx, c)
	if err != nil {
		return nil, nil, nil, err
	}
	choice.Effort = o.Effort.String()
	return &Report{Report: choice.Report, Check: choice.Tried[choice.Chosen].Check, Choice: choice}, choice.Network, []calibrate.Source{judges}, nil
}

// Check says how much of the model's answers a network keeps on the samples that a conversion with
// these options holds back; nil where it holds back none.
func (m *Model) Check(ctx context.Context, n *snn.Network, s *Samples, o Options) (*Check, error) {
	task, err := o.task()
	if err != nil {
		return nil, err
	}
	c, err := m.LowerOptions(s, o)
	if err != nil {
		return nil, err
	}
	judges, err := m.judges(ctx, s, o, &c)
	if err != nil || judges == nil {
		return nil, err
	}
	r, err := eval.Compare(ctx, eval.Options{
		Graph: m.graph, Network: n, Source: judges, Task: task, Workers: o.Workers, Progress: o.progress("checking"), Brief: true,
	})
	if err != nil {
		return nil, err
	}
	return r.Check(), nil
}

// samplesFor returns s, or made-up samples where it is nil, if they go with the profile.
func (m *Model) samplesFor(s *Samples, o *Options) (*Samples, error) {
	var spec preprocess.Spec
	if p := o.Profile; p != nil {
		if p.SHA256 != m.graph.Source.SHA256 {
			return nil, failf(ErrOtherModel, "the profile was made from another model than %s (SHA-256 %.12s..., not %.12s...)",
				m.graph.Source.Path, p.SHA256, m.graph.Source.SHA256)
		}
		if err := p.Fits(m.graph); err != nil {
			return nil, failf(ErrOutput, "%s", strings.TrimPrefix(err.Error(), "calibrate: "))
		}
		var err error
		if spec, err = preprocess.Parse(p.Preprocess); err != nil {
			return nil, err
		}
		if s != nil && !s.Preprocess.IsZero() && !spec.IsZero() && !reflect.DeepEqual(s.Preprocess, spec) {
			return nil, optionf("Profile", "it was made of samples with another preprocessing")
		}
	}
	if s == nil {
		return m.MadeUp(spec, o.seed())
	}
	return s, nil
}

// LowerOptions returns what Convert hands to convert.Lower in addition to o.Profile.
func (m *Model) LowerOptions(s *Samples, o Options) (convert.Options, error) {
	s, err := m.samplesFor(s, &o)
	if err != nil {
		return convert.Options{}, err
	}
	madeUp := s.MadeUp
	if o.Profile != nil {
		madeUp = o.Profile.Synthetic
	}
	c, err := o.Resolve(madeUp)
	if err != nil {
		return c, err
	}
	if o.Fit == nil && s.MadeUp {
		c.Fit = convert.FitNone
	}
	if c.Source, c.HeldBack, err = s.Split(o); err != nil {
		return c, err
	}
	c.Progress, c.Training = o.progress("converting"), o.progress("training")
	c.FitSamples = c.Source.Len()
	if c.Fit == convert.FitBias {
		c.FitSamples = min(c.FitSamples, convert.DefaultFitSamples)
	}
	if g := m.graph; len(s.Classes) == g.Type(g.Outputs[0]).Elems() { // else they are of some classes only
		c.Labels = s.Classes
	}
	return c, nil
}
