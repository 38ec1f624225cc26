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
