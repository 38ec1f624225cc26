package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ann2snn"
	"ann2snn/convert"
	"ann2snn/export"
	"ann2snn/internal/dataset"
	"ann2snn/internal/eval"
	"ann2snn/preprocess"
	"ann2snn/snn"
)

// flagValues are what shells propose for flags that take one of some words.
func flagValues() map[string][]string {
	values := map[string][]string{
		"preprocess":  preprocess.Presets(),
		"channels":    {preprocess.RGB, preprocess.BGR},
		"layout":      {preprocess.NCHW, preprocess.NHWC},
		"data-format": dataset.Formats(),
		"task":        eval.TaskNames(),
		"restim":      append(strings.Split(restimNames(" "), " "), "gate"),
		"weights":     namesOf(convert.Float32, convert.Int8, convert.Levels29, convert.Int4),
		"fit":         namesOf(convert.FitNone, convert.FitBias, convert.FitRidge),
		"effort":      namesOf(ann2snn.EffortFast, ann2snn.EffortNormal, ann2snn.EffortBest),
		"method":      strings.Split(methodNames(), "|"),
	}
	for bits := range snn.MaxBits {
		values["bits"] = append(values["bits"], strconv.Itoa(bits+1))
	}
	for _, t := range export.Targets() {
		values["target"] = append(values["target"], t.Name+"\t"+t.Summary)
	}
	return values
}

func namesOf[T fmt.Stringer](values ...T) []string {
	var names []string
	for _, v := range values {
		names = append(names, v.String())
	}
	return names
}

// takesPath are the flags of which shells propose files or folders.
var takesPath = []string{"data", "calib-data", "profile", "labels", "html", "out", "dump-ir"}

// firstFile is how the first argument of a command ends.
var firstFile = map[string][]string{
	"bench": {"snn", "onnx"}, "calibrate": {"onnx"}, "compare": {"onnx"}, "convert": {"onnx"}, "doctor": {"onnx"},
	"export": {"snn"}, "inspect": {"onnx", "snn", "json"}, "run": {"snn"},
}

// completeValues tells shells what flags and arguments may be.
func completeValues(root *cobra.Command) {
	values := flagValues()
	for _, cmd := range root.Commands() {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			complete := cobra.NoFileCompletions
			if words := values[f.Name]; words != nil {
				complete = cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)
			} else if slices.Contains(takesPath, f.Name) {
				return // files, as a shell has it
			}
			if err := cmd.RegisterFlagCompletionFunc(f.Name, complete); err != nil {
				panic(err) // a flag of the command, registered once
			}
		})
		if ends := firstFile[cmd.Name()]; ends != nil {
			cmd.ValidArgsFunction = completeFiles(cmd.Name(), ends)
		}
	}
}

// completeFiles proposes files that end so as the first argument. What follows is a network of
// compare, an input of run, or nothing.
func completeFiles(command string, ends []string) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		switch {
		case len(args) == 0:
			return ends, cobra.ShellCompDirectiveFilterFileExt
		case command == "compare" && len(args) == 1:
			return []string{"snn"}, cobra.ShellCompDirectiveFilterFileExt
		case command == "run":
			return nil, cobra.ShellCompDirectiveDefault
		}
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
}
