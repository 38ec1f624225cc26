package eval

import (
	"context"
	"fmt"

	"ann2snn/runtime"
)

// EarlyExit is what an early exit saves, and what it costs against all steps.
type EarlyExit struct {
	Margin float64 `json:"margin"` // between the probabilities of the two best classes
	Accuracy
	Agreement Percent     `json:"agreement"`            // with the ANN
	Same      Percent     `json:"same_as_all_steps"`    // samples with the class that all steps give
	Delta     *Percent    `json:"delta,omitempty"`      // top-1 less that of all steps, in points
	DeltaCI95 *[2]Percent `json:"delta_ci95,omitempty"` // of the paired difference
	MeanSteps float64     `json:"mean_steps"`           // computed per sample, counting those run again
	ByStep    []Exit      `json:"by_step"`
}

// Exit is the share of the samples that were answered after a step.
type Exit struct {
	Step  int     `json:"step"`
	Share Percent `json:"share"`
}

// exitOutcome is what one sample contributes.
type exitOutcome struct {
	answer
	runtime.Exit
}

// exitTally sums exitOutcomes.
type exitTally struct {
	score
	same, gained, lost int // against all steps
	computed           int
	byStep             []int
	first              []int // per step: a sample that was answered after it
}

// runEarly runs a sample with an early exit.
func (c *comparison) runEarly(ctx context.Context, w *worker, o *outcome) error {
	var err error
	if o.exit.Exit, err = w.exits.Run(ctx, w.out, w.in); err == nil {
		o.exit.answer, err = c.target.judge(w.out, w.answer, o.label, overlap{})
	}
	if err != nil {
		return fmt.Errorf("SNN with an early exit: %w", err)
	}
	return nil
}

// add adds sample i.
func (t *exitTally) add(i int, o *outcome) {
	e, all := &o.exit, o.steps[len(o.steps)-1]
	t.score.add(e.answer)
	t.same += oneIf(e.class == all.class)
	t.gained += oneIf(e.top1 && !all.top1)
	t.lost += oneIf(all.top1 && !e.top1)
	t.computed += e.Computed
	if t.byStep[e.Step-1]++; t.byStep[e.Step-1] == 1 {
		t.first[e.Step-1] = i
	}
}

// earlyExit turns the sums into percentages and means.
func (c *comparison) earlyExit() *EarlyExit {
	t, n := &c.tally.exits, c.tally.samples
	e := &EarlyExit{
		Margin:    *c.EarlyExit,
		Accuracy:  c.accuracy(t.score, -1),
		Agreement: c.agreement(t.score),
		Same:      percentOf(t.same, n),
		MeanSteps: round6(float64(t.computed) / float64(n)),
	}
	if c.labelled {
		e.Delta = new(Percent(100 * float64(t.gained-t.lost) / float64(n)))
		e.DeltaCI95 = new(pairedInterval(t.gained, t.lost, n))
	}
	for i, samples := range t.byStep {
		e.ByStep = append(e.ByStep, Exit{Step: i + 1, Share: percentOf(samples, n)})
	}
	return e
}
