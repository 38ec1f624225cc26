package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"ann2snn"
	"ann2snn/calibrate"
	"ann2snn/convert"
	"ann2snn/snn"
)

// check compares a network with the model on samples held back.
func (a *app) check(ctx context.Context, m *ann2snn.Model, n *snn.Network, in *ann2snn.Samples, o ann2snn.Options) (c *ann2snn.Check, err error) {
	err = a.withStages("checking", &o, func() (err error) {
		c, err = m.Check(ctx, n, in, o)
		return err
	})
	return c, err
}

// checked is the line about what was chosen and what it loses, or why that is not known, and the
// task by which it was judged.
func (c *converted) checked() string {
	var line string
	check := c.Report.Check
	switch {
	case c.Report.Choice != nil:
		line = chosen(c.Report.Choice)
	case check != nil:
		line = "Self-check: " + check.String()
	case c.madeUp:
		return "No self-check: without --data there are no real samples to check on"
	default:
		return "No self-check: there were too few samples to hold one back"
	}
	return line + "\nTask: " + check.Task.String() + "; --task names another"
}

// chosen is the line about a choice, with the effort that would have tried what was not.
func chosen(c *ann2snn.Choice) string {
	line := c.String()
	if strings.Contains(line, "; not tried: ") {
		line += " (--effort best tries it)"
	}
	return line
}

// warnOfLoss tells the user where a network loses too much, and what helps, the surest first.
func (a *app) warnOfLoss(r *ann2snn.Report, o *ann2snn.Options) {
	if r.Check == nil || r.Check.OK {
		return
	}
	var help []string
	if next := r.Choice.Next; next != nil && r.Choice.Tried[next.Tried].Outside {
		t := &r.Choice.Tried[next.Tried]
		help = append(help, fmt.Sprintf("--bits %d --steps %d (%s)", t.Bits, t.Steps, t.Check.Keeps()))
	}
	if len(r.Choice.Untried) > 0 {
		help = append(help, fmt.Sprintf("--effort best, which tries %d settings more", len(r.Choice.Untried)))
	}
	if fit := o.Fit; fit != nil && *fit != convert.FitRidge {
		help = append(help, "no --fit, so that weights are fitted")
	}
	if o.Samples < calibrate.DefaultSamples || r.FitSamples < calibrate.DefaultSamples {
		help = append(help, fmt.Sprintf("more samples to calibrate on (%d serve best)", calibrate.DefaultSamples))
	}
	help = append(help, "`ann2snn compare`, which says in which layer the error arises")
	a.warn("this network changes too many answers: %s. What helps, the surest first: %s", r.Check, strings.Join(slices.Compact(help), "; "))
}
