// Package search chooses bits, steps and a mode for a conversion: those of the cheapest
// spiking network that loses no more accuracy than allowed, measured on samples that nothing
// was calibrated or fitted on.
package search

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"ann2snn/calibrate"
	"ann2snn/convert"
	"ann2snn/internal/eval"
	"ann2snn/ir"
	"ann2snn/snn"
)

// Options of Run.
type Options struct {
	Graph    *ir.Graph // after ir/passes
	Profile  *calibrate.Profile
	Convert  convert.Options  // Format, Steps, Restim and Rho are searched for
	HeldBack calibrate.Source // not calibrated and not fitted on

	Task eval.Task // what the output is for; found where it is TaskAuto
	// MaxDrop bounds the loss, in points: of accuracy, where there are labels; of decisions
	// that are the ANN's, where there are none; of R², where the output holds values.
	MaxDrop float64
	Bits    []int // widths of spikes to choose from, in ascending order
	Steps   []int // numbers of steps to choose from, in ascending order
	// Modes returns the modes to choose from, the one to try first in front.
	Modes func(bits, steps int) []Mode

	Workers  int
	Tried    func(Trial)                         // called after every network that was tried; may be nil
	Progress func(stage string, done, total int) // may be nil; calls do not overlap
}

// Mode is a mode of re-stimulation.
type Mode struct {
	Restim snn.Restim
	Rho    int
}

// Trial is a network that was tried. Accuracies are percentages of the held-back samples.
type Trial struct {
	Setting
	Lowered   []string     `json:"lowered,omitempty"`  // layers with one bit less
	Delta     eval.Percent `json:"delta"`              // in points, as in eval.Result: negative is a loss
	Agreement eval.Percent `json:"agreement,omitzero"` // absent where the output holds values
	Cost      int64        `json:"bit_sops"`           // per sample, as counted; see eval.Ops
	OK        bool         `json:"ok"`                 // within the bound

	mode Mode
}

// String names the setting and how many layers differ from it.
func (t Trial) String() string {
	name := t.Setting.String()
	if len(t.Lowered) > 0 {
		name += ", " + eval.Plural(len(t.Lowered), "layer") + " with a bit less"
	}
	return name
}

// Sensitivity says how much error one bit less in a layer makes, and how much work it saves.
type Sensitivity struct {
	Layer string `json:"layer"`
	// Error is the growth of the output's relative error.
	Error float64 `json:"error"`
	Saved int64   `json:"saved"` // bit SOPs per sample
}

// Result holds the network that a search chose, and those it tried.
type Result struct {
	MaxDrop     float64       `json:"max_drop"`
	HeldBack    int           `json:"held_back"`      // samples
	Task        *eval.Found   `json:"task,omitempty"` // absent for classification
	Labelled    bool          `json:"labelled"`       // otherwise deltas are of agreement, or of R²
	Best        Trial         `json:"best"`
	Trials      []Trial       `json:"trials"`
	Sensitivity []Sensitivity `json:"sensitivity"` // of the layers of the best network with the same bits everywhere

	Network *snn.Network    `json:"-"`
	Report  *convert.Report `json:"-"`
}

// sensitivitySamples is how many samples sensitivities are measured on, and errorSamples on how
// many at most the errors of outputs are.
const (
	sensitivitySamples = 32
	errorSamples       = 64
)

// Run searches. Bits are cheaper than steps. So Run looks for the fewest bits at the fewest
// steps, then for more steps of so many fewer bits that they could be cheaper. Modes differ
// little in cost, so that it takes the first one within the bound. At last it takes a bit
// from as many layers as the bound allows, beginning where that costs least.
// Where nothing is within the bound, Best is the trial that loses least and its OK is false.
func Run(ctx context.Context, o Options) (*Result, error) {
	if o.HeldBack.Len() == 0 {
		return nil, errors.New("search: there are no samples to measure drops on")
	}
	s := &search{Options: o, result: &Result{MaxDrop: o.MaxDrop, HeldBack: o.HeldBack.Len()}}
	if err := s.uniform(ctx); err != nil {
		return nil, err
	}
	if s.result.Best.OK {
		if err := s.mixed(ctx); err != nil {
			return nil, err
		}
	}
	return s.result, nil
}

type search struct {
	Options
	result *Result
}

// uniform tries networks with the same bits in all layers.
func (s *search) uniform(ctx context.Context) error {
	found := 0 // bits times steps of the cheapest network so far
	for _, steps := range s.Steps {
		bits := s.Bits
		if found > 0 {
			bits = slices.DeleteFunc(slices.Clone(bits), func(b int) bool { return b*steps >= found })
		}
		b, err := s.fewest(ctx, bits, steps)
		if err != nil {
			return err
		}
		if b > 0 {
			found = b * steps
		}
	}
	return nil
}

// fewest returns the fewest bits that are within the bound, 0 for none. More bits are
// taken to be never worse.
func (s *search) fewest(ctx context.Context, bits []int, steps int) (int, error) {
	low, high := 0, len(bits) // bits[high] is within the bound, bits[:low] are not
	for low < high {
		// With more than the fewest steps, most of the time nothing is within the bound: the
		// widest comes first.
		mid := (low + high) / 2
		if steps > s.Steps[0] && high == len(bits) {
			mid = high - 1
		}
		ok, err := s.anyMode(ctx, bits[mid], steps)
		if err != nil {
			return 0, err
		}
		if ok {
			high = mid
		} else {
			low = mid + 1
		}
	}
	if high == len(bits) {
		return 0, nil
	}
	return bits[high], nil
}

// anyMode reports whether one of the modes is within the bound.
func (s *search) anyMode(ctx context.Context, bits, steps int) (bool, error) {
	for _, mode := range s.Modes(bits, steps) {
		if t, err := s.try(ctx, bits, steps, mode, nil); err != nil || t.OK {
			return t.OK, err
		}
	}
	return false, nil
}

// mixed takes a bit from as many layers of the best network as the bound allows.
func (s *search) mixed(ctx context.Context) error {
	best := s.result.Best
	if best.Bits == 1 {
		return nil
	}
	order, err := s.sensitivities(ctx, best)
	if err != nil {
		return err
	}
	low, high := 0, len(order)-1 // with all of them it is a network of one bit less, which failed
	for low < high {
		mid := (low + high + 1) / 2
		t, err := s.try(ctx, best.Bits, best.Steps, best.mode, order[:mid])
		if err != nil {
			return err
		}
		if t.OK {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return nil
}

// sensitivities returns the layers in the order in which to take bits from them: those of the
// least error per saved work first.
func (s *search) sensitivities(ctx context.Context, best Trial) ([]string, error) {
	o := s.options(best.Bits, best.Steps, best.mode, nil)
	o.Fit, o.Gate = convert.FitNone, false // a fit would hide part of the difference, and take long
	few := calibrate.Pick(s.HeldBack, 0, 0, sensitivitySamples)
	base, r, err := s.measure(ctx, o, few)
	if err != nil {
		return nil, err
	}
	list := []Sensitivity{}
	for _, l := range r.Layers {
		if l.Neurons == 0 || l.Bits != best.Bits {
			continue
		}
		o.LayerBits = s.lower(best.Bits, []string{l.Name})
		less, _, err := s.measure(ctx, o, few)
		if err != nil {
			return nil, err
		}
		grown := max(0, outputError(less)-outputError(base))
		list = append(list, Sensitivity{l.Name, grown, base.Ops.SNNBitSOPs - less.Ops.SNNBitSOPs})
	}
	s.result.Sensitivity = list
	sorted := slices.Clone(list)
	price := func(x Sensitivity) float64 { return x.Error / float64(max(x.Saved, 1)) }
	slices.SortStableFunc(sorted, func(a, b Sensitivity) int { return cmp.Compare(price(a), price(b)) })
	var names []string
	for _, x := range sorted {
		names = append(names, x.Layer)
	}
	return names, nil
}

// outputError is the relative error of the output layer, 0 where it is unknown.
func outputError(r *eval.Result) float64 {
	if r.OutputError != nil {
		return *r.OutputError
	}
	return 0
}

// options returns the options of a conversion with a bit less in some layers.
func (s *search) options(bits, steps int, mode Mode, lowered []string) convert.Options {
	o := s.Convert
	o.Format, o.Steps = snn.Format{M: 1, N: uint8(bits - 1)}, steps
	o.Restim, o.Rho = mode.Restim, mode.Rho
	o.LayerBits = s.lower(bits, lowered)
	return o
}

// lower returns the bits of single layers, some with a bit less. Bits that the user chose stay.
func (s *search) lower(bits int, lowered []string) map[string]int {
	m := make(map[string]int)
	for _, name := range lowered {
		m[name] = bits - 1
	}
	maps.Copy(m, s.Convert.LayerBits)
	return m
}

// measure converts and compares.
func (s *search) measure(ctx context.Context, o convert.Options, samples calibrate.Source) (*eval.Result, *convert.Report, error) {
	r, _, report, err := s.network(ctx, o, samples)
	return r, report, err
}

func (s *search) network(ctx context.Context, o convert.Options, samples calibrate.Source) (*eval.Result, *snn.Network, *convert.Report, error) {
	o.Progress = s.stage("converting to " + settingOf(o).String())
	n, report, err := convert.Lower(ctx, s.Graph, s.Profile, o)
	if err != nil {
		return nil, nil, nil, err
	}
	r, err := eval.Compare(ctx, eval.Options{
		Graph: s.Graph, Network: n, Source: samples, Task: s.Task, Workers: s.Workers, ErrorSamples: errorSamples, Brief: true,
		Progress: s.stage("checking"),
	})
	if err != nil {
		return nil, nil, nil, fmt.Errorf("search: %w", err)
	}
	return r, n, report, nil
}

// stage is Progress for a stage.
func (s *search) stage(name string) func(done, total int) {
	if s.Progress == nil {
		return nil
	}
	return func(done, total int) { s.Progress(name, done, total) }
}

// try measures a network and keeps it if it is the best so far.
func (s *search) try(ctx context.Context, bits, steps int, mode Mode, lowered []string) (Trial, error) {
	o := s.options(bits, steps, mode, lowered)
	r, n, report, err := s.network(ctx, o, s.HeldBack)
	if err != nil {
		return Trial{}, err
	}
	t := Trial{
		Setting: settingOf(o), Lowered: slices.Sorted(slices.Values(lowered)),
		mode: mode, Delta: r.Kept() - 100, Agreement: r.Agreement, Cost: r.Ops.SNNBitSOPs,
	}
	if err := measurable(r); err != nil {
		return Trial{}, err
	}
	s.result.Task = r.Task
	if s.result.Labelled = r.Delta != nil; r.Delta != nil {
		t.Delta = *r.Delta
	}
	t.OK = float64(-t.Delta) <= s.MaxDrop
	if len(s.result.Trials) == 0 || better(t, s.result.Best) {
		s.result.Best, s.result.Network, s.result.Report = t, n, report
	}
	s.result.Trials = append(s.result.Trials, t)
	if s.Tried != nil {
		s.Tried(t)
	}
	return t, nil
}

// measurable refuses outputs of which no drop can be told.
func measurable(r *eval.Result) error {
	switch {
	case r.Task.Is(eval.TaskUnknown):
		return fmt.Errorf("search: it is unknown what the output is for (%s), so that no drop can be measured (try to name the task)", r.Task.Found)
	case r.Kept().IsZero():
		return errors.New("search: the model's output is the same for all samples held back, so that no drop can be measured (try other samples)")
	}
	return nil
}

// better prefers trials within the bound, then the cheaper one; outside the bound, the one
// that loses less.
func better(a, b Trial) bool {
	if a.OK != b.OK {
		return a.OK
	}
	if a.OK {
		return a.Cost < b.Cost
	}
	return a.Delta > b.Delta
}
