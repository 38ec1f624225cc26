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

// takesValues reports whether labels may be other than one class for each sample: where the
// task asks for no classes, and where such a task, or that of a single output, is what is found.
func (f *taskFlag) takesValues(g *ir.Graph) (bool, error) {
	task := f.value
	if task == eval.TaskAuto {
		var err error
		if task, err = eval.TaskWithoutLabels(g); err != nil {
			return false, err
		}
		if task == eval.TaskBinary {
			return true, nil // values make it a regression
		}
	}
	return task != eval.TaskClassification && task != eval.TaskBinary, nil
}

// settle takes labels of several numbers, or of values, into account: they may say what the task
// is, and are compared with where they fit its outputs. It says what it takes them for, and
// where they are not used.
func (f *taskFlag) settle(a *app, set *dataset.Set, g *ir.Graph) error {
	n := set.TargetLen()
	if n == 0 {
		return nil
	}
	task, fits, err := eval.TargetsFit(g, f.value, n)
	if err != nil {
		return err
	}
	if !set.Values() { // a class for each sample, which tasks of values may compare with, too
		if task != eval.TaskClassification && task != eval.TaskBinary && !fits {
			a.unused(task, n, g)
		}
		return nil
	}
	if f.value == eval.TaskAuto {
		if err := f.byLabels(a, set, task, fits); err != nil {
			return err
		}
		task, fits, err = eval.TargetsFit(g, f.value, n)
	} else if task == eval.TaskClassification || task == eval.TaskBinary {
		return set.ValuesError()
	}
	if err == nil && !fits {
		a.unused(task, n, g)
	}
	return err
}

// unused says that there are labels, but none that the task can be compared with.
func (a *app) unused(task eval.Task, n int, g *ir.Graph) {
	a.note("note: the labels, %s for each sample, do not fit the task %v of %s, and are not used: the outputs are compared with those of the model",
		eval.Plural(n, "number"), task, eval.Plural(g.Type(g.Outputs[0]).Elems(), "output"))
}

// byLabels finds the task by labels; task is what the network alone says.
func (f *taskFlag) byLabels(a *app, set *dataset.Set, task eval.Task, fits bool) error {
	kind, err := set.TargetKind()
	if err != nil {
		return err
	}
	marks, numbers := kind == dataset.OneHot || kind == dataset.Marks, kind == dataset.Numbers
	found := func(t eval.Task, why string) {
		f.value = t
		a.note("the labels are %s: the task is %v; --task names another", why, t)
	}
	switch {
	case task == eval.TaskClassification && (!fits || kind == dataset.OneHot):
		return set.ValuesError()
	case task == eval.TaskClassification && marks:
		found(eval.TaskMultiLabel, "0 and 1, several for a sample")
	case !fits, task == eval.TaskMultiLabel && marks, task == eval.TaskPixels && (marks || numbers):
	case kind == dataset.Directions && task != eval.TaskBinary:
		found(eval.TaskEmbedding, "directions, vectors of length 1")
	case task != eval.TaskRegression && task != eval.TaskEmbedding:
		found(eval.TaskRegression, "values, not classes")
	}
	return nil
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
