package eval

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Check says how much of a model's answers a network keeps on samples that its conversion did not
// see. Its JSON fields are part of the command line's contract, as those of Result are.
type Check struct {
	Samples   int     `json:"samples"`
	Task      *Found  `json:"task,omitempty"` // absent for classification
	Agreement Percent `json:"agreement,omitzero"`
	// AgreementCI95 is the 95 % confidence interval of the agreement, absent where answers are
	// values. Where a sample has several decisions, it is as wide as if all of them fell together.
	AgreementCI95 *[2]Percent `json:"agreement_ci95,omitempty"`
	Delta         *Percent    `json:"delta,omitempty"`      // of the accuracies, in points; absent without labels
	DeltaCI95     *[2]Percent `json:"delta_ci95,omitempty"` // of the paired difference
	Likeness
	// OutputError is |snn-ann|/|ann| of the output layer, absent where it is unknown.
	OutputError *float64 `json:"output_error,omitempty"`
	// OK: so much is kept that the network can be used, see Result.Usable.
	OK bool `json:"ok"`
}

// Settled is the task that a check took the output for; nil where there was none.
func (c *Check) Settled() *Found {
	switch {
	case c == nil:
		return nil
	case c.Task == nil:
		return Classifies()
	}
	return c.Task
}

// Bounds of what a network that can be used may lose.
const (
	leastKept = 95 // percent of the answers, points of R²
	mostLost  = 2  // points of accuracy
)

// Usable reports whether a network keeps 95 % of the answers (of R², 95 points), and is not shown
// to lose more than 2 points of accuracy; or whether labels show that it loses at most 2 points.
// Where nothing can be told, no fault is shown.
func (r *Result) Usable() bool {
	if r.Delta != nil && r.DeltaCI95[0] >= -mostLost {
		return true
	}
	lost := r.Delta != nil && *r.Delta < -mostLost && r.DeltaCI95[1] < 0
	kept := r.Kept()
	return !lost && (kept.IsZero() || kept >= leastKept)
}

// Check sums up a result.
func (r *Result) Check() *Check {
	c := &Check{
		Samples: r.Samples, Task: r.Task, Agreement: r.Agreement, Delta: r.Delta, DeltaCI95: r.DeltaCI95,
		Likeness: r.SNN.Likeness, OutputError: r.OutputError, OK: r.Usable(),
	}
	if !r.Task.ByValue() {
		same := int(math.Round(float64(r.Agreement) * float64(r.Samples) / 100))
		c.AgreementCI95 = new(ShareInterval(same, r.Samples))
	}
	return c
}

// String is the check in words.
func (c *Check) String() string {
	text := c.Keeps() + " " + c.of()
	if c.AgreementCI95 != nil {
		text += fmt.Sprintf(" (95 %% interval %s to %s)", c.AgreementCI95[0], c.AgreementCI95[1])
	}
	if c.MeanIoU != nil {
		text += fmt.Sprintf(", mIoU %s %%", c.MeanIoU)
	}
	if c.Delta != nil {
		text += fmt.Sprintf(", accuracy %s points (%s to %s)", c.Delta.Signed(), c.DeltaCI95[0].Signed(), c.DeltaCI95[1].Signed())
	}
	return text
}

// of says what the share of Keeps is of.
func (c *Check) of() string {
	held := fmt.Sprintf("%d samples held back", c.Samples)
	switch {
	case c.Task.ByValue():
		return "on " + held
	case c.Task.Is(TaskPixels):
		return "of the pixels of " + held
	case c.Task.Is(TaskMultiLabel):
		return "of the decisions on " + held
	}
	return "of " + held
}

// Keeps says how much is kept, without an interval.
func (c *Check) Keeps() string {
	switch {
	case c.Task.ByValue():
		return "against the model's outputs " + c.closeness()
	case c.Task.Is(TaskClassification):
		return fmt.Sprintf("same answer as the model on %s %%", c.Agreement)
	case c.Task.Is(TaskPixels):
		return fmt.Sprintf("same class as the model for %s %%", c.Agreement)
	case c.Task.Is(TaskMultiLabel):
		return fmt.Sprintf("same decision as the model for %s %%", c.Agreement)
	}
	return fmt.Sprintf("same decision as the model on %s %%", c.Agreement)
}

// closeness compares values with those of the model.
func (c *Check) closeness() string {
	var parts []string
	for _, x := range []struct {
		name  string
		value *float64
	}{{"R²", c.R2}, {"relative error", c.RelativeError}, {"cosine", c.Cosine}} {
		if x.value != nil {
			parts = append(parts, x.name+" "+strconv.FormatFloat(*x.value, 'g', 4, 64))
		}
	}
	return strings.Join(parts, ", ")
}
