package main

import (
	"fmt"
	"strconv"
	"strings"

	"ann2snn/internal/eval"
)

// checked is the self-check in words, or why there is none.
func (c *converted) checked() string {
	switch {
	case c.Report.Check != nil:
		return c.Report.Check.String()
	case c.madeUp:
		return "No self-check: without --data there are no real samples to check on"
	}
	return "No self-check: there were too few samples to hold one back"
}

// String is the self-check in words.
func (c *selfCheck) String() string {
	text := fmt.Sprintf("Self-check on %d samples held back from the conversion: ", c.Samples)
	switch {
	case c.Task.ByValue():
		text += "against the model's outputs " + c.closeness()
	case c.AgreementCI95 != nil:
		text += fmt.Sprintf("same %s as the model on %s %% (95 %% interval %s to %s)", c.what(), c.Agreement, c.AgreementCI95[0], c.AgreementCI95[1])
	default:
		text += fmt.Sprintf("same %s as the model for %s %% of the %s", c.what(), c.Agreement, c.whats())
		if c.MeanIoU != nil {
			text += fmt.Sprintf(", mIoU %s %%", c.MeanIoU)
		}
	}
	return text + "\nTask: " + c.Task.String() + "; --task names another"
}

// closeness compares values with those of the model.
func (c *selfCheck) closeness() string {
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

// what is what the agreement counts.
func (c *selfCheck) what() string {
	switch {
	case c.Task == nil:
		return "answer"
	case c.Task.Is(eval.TaskPixels):
		return "class"
	}
	return "decision"
}

func (c *selfCheck) whats() string {
	if c.Task.Is(eval.TaskPixels) {
		return "pixels"
	}
	return "decisions"
}

// share is how much a network keeps of the model's answers; of says of what it is a share.
func (c *selfCheck) share(of string) string {
	if c.Task.ByValue() {
		return c.r2()
	}
	return strings.TrimSpace(c.Agreement.String() + " % " + of)
}

// how is share behind its preposition.
func (c *selfCheck) how() string {
	if c.Task.ByValue() {
		return "with " + c.r2()
	}
	return "on " + c.Agreement.String() + " %"
}

// answers says how many of the model's answers a network gives.
func (c *selfCheck) answers() string {
	if c.Task.ByValue() {
		return "the model's outputs " + c.how()
	}
	return "the model's answer " + c.how()
}

func (c *selfCheck) r2() string {
	if c.R2 == nil {
		return "an unknown R²"
	}
	return "an R² of " + strconv.FormatFloat(*c.R2, 'g', 4, 64)
}
