package eval

import (
	"fmt"
	"math"
	"slices"
)

// Found says what a network's output is for, and how that was found. For classification it is nil.
type Found struct {
	Name      string   `json:"name"`
	Found     string   `json:"found"`
	Threshold *float64 `json:"threshold,omitempty"` // of decisions
	Decisions int      `json:"decisions,omitempty"` // of all samples, by which answers are compared
	Flips     *int     `json:"flips,omitempty"`     // decisions of the SNN that are not the ANN's
}

// Classifies is the report of classification where one is needed.
func Classifies() *Found { return &Found{Name: TaskClassification.String()} }

// ByValue reports whether answers are values, of which none is the same as another.
func (f *Found) ByValue() bool { return f != nil && f.task().byValue() }

// Is reports whether f is the report of a task; that of classification is nil.
func (f *Found) Is(t Task) bool { return f.task() == t }

func (f *Found) task() Task {
	if f == nil {
		return TaskClassification
	}
	return Task(slices.Index(taskNames, f.Name))
}

// String is the task in words.
func (f *Found) String() string {
	if f == nil {
		return "classification (the largest output is the answer)"
	}
	text := f.Name
	if f.Threshold != nil {
		text += fmt.Sprintf(", decisions at %g", *f.Threshold)
	}
	return text + " (" + f.Found + ")"
}

// taskReport is nil for classification.
func (c *comparison) taskReport() *Found {
	t := c.target
	task := t.settle(c.tally.above, c.tally.samples*t.channels*t.pixels, c.labelled || c.truth > 0)
	if task == TaskClassification {
		return nil
	}
	f := &Found{Name: task.String(), Found: t.found}
	if task != t.task {
		f.Found = "all outputs lie on one side of 0: they are values, not decisions"
	}
	if task.byValue() {
		return f
	}
	if t.decides() {
		f.Threshold = new(float64(t.threshold))
	}
	f.Decisions = c.tally.samples * t.decisions()
	f.Flips = new(f.Decisions - c.tally.steps[len(c.tally.steps)-1].same)
	return f
}

// agreement is absent where answers are values.
func (c *comparison) agreement(s score) Percent {
	if c.taskReport().ByValue() {
		return NoPercent()
	}
	return percentOf(s.same, c.tally.samples*c.target.decisions())
}

// scores returns the scores of a binary decision: of the ANN, the baseline, the SNN by steps.
func (c *comparison) scores(network int) []float32 {
	if c.tally.scores == nil || network < 0 {
		return nil
	}
	return c.tally.scores[network]
}

// likeness compares the values of a network with the ANN's; pixels says which of the workers'
// counts of pixels are its own.
func (c *comparison) likeness(s score, pixels int) Likeness {
	if c.target.task == TaskClassification {
		return Likeness{}
	}
	l := Likeness{RelativeError: s.values.ratio()}
	if all := variation(c.tally.moments); all > 0 {
		l.R2 = new(round6(1 - s.values.diff/all))
	}
	if n := s.values.cosines; n > 0 {
		l.Cosine = new(round6(s.values.cosine / float64(n)))
	}
	if c.taskReport().Is(TaskPixels) {
		sum := c.target.newOverlap()
		for _, w := range c.workers {
			sum.add(w.pixels[pixels])
		}
		l.MeanIoU = sum.mean()
	}
	return l
}

// Kept is how much of the ANN's answers the spiking network keeps: the agreement in percent, or
// R² in points where answers are values. It is NoPercent where neither is known.
func (r *Result) Kept() Percent {
	switch {
	case !r.Task.ByValue():
		return r.Agreement
	case r.SNN.R2 == nil || math.IsInf(*r.SNN.R2, 0):
		return NoPercent()
	}
	return Percent(100 * *r.SNN.R2)
}
