package main

import (
	"errors"
	"strings"

	"github.com/spf13/pflag"

	"ann2snn/internal/dataset"
	"ann2snn/internal/eval"
	"ann2snn/ir"
)

// taskFlag says what the model's output is for.
type taskFlag struct{ value eval.Task }

func (f *taskFlag) register(fs *pflag.FlagSet) {
	fs.Var(f, "task", "what the model's output is for: "+strings.Join(eval.TaskNames(), "|"))
}

// takesValues reports whether labels may be values: where that is the task, and where it may be
// found, as the model has one output.
func (f *taskFlag) takesValues(g *ir.Graph) bool {
	switch f.value {
	case eval.TaskAuto:
		return g.Type(g.Outputs[0]).Elems() == 1
	case eval.TaskRegression, eval.TaskEmbedding:
		return true
	}
	return false
}

// settle takes labels that are values for those of a regression.
func (f *taskFlag) settle(a *app, set *dataset.Set) {
	if f.value == eval.TaskAuto && set.Values() {
		f.value = eval.TaskRegression
		a.note("the labels are values, not classes: the task is regression, which compares outputs and takes no labels")
	}
}

// recordTask notes in the network what the self-check, or the user, takes its output for.
func (c *candidate) recordTask(g *ir.Graph, asked eval.Task) error {
	if c.check == nil && asked == eval.TaskAuto {
		return nil // the conversion has noted what it could
	}
	var settled *eval.Found
	if c.check != nil {
		if settled = c.check.Task; settled == nil {
			settled = eval.Classifies()
		}
	}
	return eval.RecordTask(c.network, g, asked, false, settled)
}

// String implements pflag.Value.
func (f *taskFlag) String() string { return f.value.String() }

// Set implements pflag.Value.
func (f *taskFlag) Set(text string) error {
	t, err := eval.ParseTask(text)
	if err != nil {
		return errors.New("a task is one of " + strings.Join(eval.TaskNames(), ", "))
	}
	f.value = t
	return nil
}

// Type implements pflag.Value.
func (*taskFlag) Type() string { return "name" }
