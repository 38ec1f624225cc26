package main

import (
	"errors"
	"strings"

	"github.com/spf13/pflag"

	"ann2snn/internal/eval"
)

// taskFlag says what the model's output is for.
type taskFlag struct{ value eval.Task }

func (f *taskFlag) register(fs *pflag.FlagSet) {
	fs.Var(f, "task", "what the model's output is for: "+strings.Join(eval.TaskNames(), "|"))
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
