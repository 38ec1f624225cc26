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

// settle says what becomes of labels that are not classes: those of a single output make the
// task a regression, and none is compared with.
func (f *taskFlag) settle(a *app, set *dataset.Set, g *ir.Graph) {
	switch {
	case !set.Values():
	case f.value == eval.TaskAuto && g.Type(g.Outputs[0]).Elems() == 1:
		f.value = eval.TaskRegression
		a.note("the labels are values, not classes: the task is regression, which compares outputs and takes no labels")
	default:
		a.note("note: the labels are not one class for each sample, and are not used: the outputs are compared with those of the model")
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
