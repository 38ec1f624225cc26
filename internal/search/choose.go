package search

import (
	"context"
	"errors"

	"ann2snn/calibrate"
	"ann2snn/convert"
	"ann2snn/internal/eval"
	"ann2snn/ir"
	"ann2snn/snn"
)

// ChooseOptions are those of Choose.
type ChooseOptions struct {
	Graph   *ir.Graph // after ir/passes
	Profile *calibrate.Profile
	// HeldBack are samples that nothing is calibrated or fitted on: they judge.
	HeldBack calibrate.Source
	Task     eval.Task // what the output is for; found where it is TaskAuto

	// Candidates are in the order in which they are tried. What is asked for comes first, and is
	// taken where nothing is better.
	Candidates []Candidate
	// Most bounds how many are tried; 0: all. Unless All is set, the first that can be used ends
	// the trials.
	Most int
	All  bool

	Workers  int
	Progress func(stage string, done, total int) // may be nil; calls do not overlap
}

// Candidate is a conversion to try.
type Candidate struct {
	Convert convert.Options
	// Outside says that something else was asked for: this one is never taken, and only shows
	// what it would give.
	Outside bool
}

// Choose converts as the candidates say and takes the network that keeps most of the trained
// network's answers, or the cheapest of those that differ by no more than noise.
func Choose(ctx context.Context, o ChooseOptions) (*Choice, error) {
	if o.HeldBack.Len() == 0 {
		return nil, errors.New("search: there are no samples to choose by")
	}
	c := &Choice{HeldBack: o.HeldBack.Len(), Chosen: -1}
	for _, candidate := range o.Candidates {
		enough := !o.All && c.Chosen >= 0 && c.Tried[c.Chosen].Check.OK
		if enough || o.Most > 0 && len(c.Tried) >= o.Most {
			if !candidate.Outside {
				c.Untried = append(c.Untried, settingOf(candidate.Convert))
			}
			continue
		}
		if err := c.try(ctx, &o, candidate); err != nil {
			return nil, err
		}
	}
	c.findNext()
	return c, nil
}

// try converts and measures, and takes the network if it is the best so far. A candidate that
// cannot be converted is passed over, but for the first, which was asked for.
func (c *Choice) try(ctx context.Context, o *ChooseOptions, candidate Candidate) error {
	s := search{Options: Options{Graph: o.Graph, Profile: o.Profile, Task: o.Task, Workers: o.Workers, Progress: o.Progress}}
	setting := settingOf(candidate.Convert)
	r, n, report, err := s.network(ctx, candidate.Convert, o.HeldBack)
	switch {
	case err == nil:
	case ctx.Err() != nil || len(c.Tried) == 0:
		return err
	default:
		c.Tried = append(c.Tried, Tried{Setting: setting, Outside: candidate.Outside, Failed: err.Error()})
		c.results = append(c.results, nil)
		return nil
	}
	setting.Restim, setting.Rho, setting.Fitted = n.Restim.String(), n.Rho, report.FitSamples
	t := Tried{Setting: setting, Outside: candidate.Outside, Check: r.Check(), SOPs: r.Ops.SNNSOPs, Cost: r.Ops.SNNBitSOPs}
	at := len(c.Tried)
	c.Tried, c.results = append(c.Tried, t), append(c.results, r)
	if !t.Outside && (c.Chosen < 0 || c.prefer(at, c.Chosen)) {
		c.Chosen, c.Network, c.Report = at, n, report
	}
	return nil
}

// prefer reports whether network i is better than j.
func (c *Choice) prefer(i, j int) bool {
	a, b := &c.Tried[i], &c.Tried[j]
	if d := c.results[i].Against(c.results[j]); d != 0 {
		return d > 0
	}
	if a.Check.OK != b.Check.OK {
		return a.Check.OK
	}
	return a.Cost < b.Cost
}

// findNext finds the cheapest network of those that keep more than the one chosen does.
func (c *Choice) findNext() {
	chosen := c.results[c.Chosen]
	for i, r := range c.results {
		if i == c.Chosen || r == nil {
			continue
		}
		surely := r.Against(chosen) > 0
		if !surely && r.Kept() <= chosen.Kept() {
			continue
		}
		if c.Next == nil || c.Tried[i].Cost < c.Tried[c.Next.Tried].Cost {
			c.Next = &Next{i, surely}
		}
	}
}

// settingOf names what a conversion is asked for.
func settingOf(o convert.Options) Setting {
	return Setting{Bits: o.Format.Bits(), Steps: o.Steps, Restim: o.Restim.String(), Rho: o.Rho}
}

// Choice is what Choose chose, and what it tried. Its JSON fields are part of the command line's
// contract.
type Choice struct {
	Effort   string    `json:"effort"`
	HeldBack int       `json:"held_back"` // samples that judged
	Tried    []Tried   `json:"tried"`
	Chosen   int       `json:"chosen"`            // index in Tried
	Next     *Next     `json:"next,omitempty"`    // absent where nothing that was tried keeps more
	Untried  []Setting `json:"untried,omitempty"` // that were worth a trial, within what was asked for

	Network *snn.Network    `json:"-"`
	Report  *convert.Report `json:"-"`

	results []*eval.Result
}

// Tried is a network that was tried.
type Tried struct {
	Setting
	Outside bool        `json:"outside,omitempty"` // other than what was asked for
	Check   *eval.Check `json:"self_check,omitempty"`
	SOPs    int64       `json:"sops,omitempty"`     // per sample, as counted; see eval.Ops
	Cost    int64       `json:"bit_sops,omitempty"` // the same
	Failed  string      `json:"failed,omitempty"`   // why there is no network
}

// Next is the next better network.
type Next struct {
	Tried       int  `json:"tried"`        // its index
	BeyondNoise bool `json:"beyond_noise"` // otherwise it may be better by chance
}
