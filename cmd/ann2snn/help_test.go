package main

import (
	"io"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// TestFlagGroups: help shows every flag, in one group.
func TestFlagGroups(t *testing.T) {
	group := map[string]string{}
	for _, g := range flagGroups {
		for _, name := range g.flags {
			if group[name] != "" {
				t.Errorf("--%s is in %q and %q", name, group[name], g.title)
			}
			group[name] = g.title
		}
	}
	used := map[string]bool{}
	root := newApp(strings.NewReader(""), io.Discard, io.Discard).command()
	for _, cmd := range append(root.Commands(), root) {
		if cmd.Name() == "completion" || cmd.Name() == "help" {
			continue
		}
		cmd.InitDefaultHelpFlag()
		cmd.InheritedFlags() // merges those of the root
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			used[f.Name] = true
			if !f.Hidden && group[f.Name] == "" {
				t.Errorf("%s: --%s is in no group", cmd.Name(), f.Name)
			}
		})
	}
	for name := range group {
		if !used[name] {
			t.Errorf("no command has --%s", name)
		}
	}
}

// TestCompletionKnowsValues: what shells propose is what the commands take.
func TestCompletionKnowsValues(t *testing.T) {
	for _, tt := range []struct {
		line string
		want []string // among the proposals, but for what explains them
	}{
		{"convert --preprocess ", []string{"imagenet", "mnist"}},
		{"convert --weights ", []string{"int8", "float32"}},
		{"convert --bits ", []string{"1", "8"}},
		{"compare --effort ", []string{"fast", "best"}},
		{"convert --method ", []string{"mse", "percentile:99.9"}},
		{"run --task ", []string{"binary"}},
		{"export --target ", []string{"c", "go", "nir", "onnx"}},
		{"convert ", []string{"onnx", ":8"}},    // files that end so
		{"run ", []string{"snn", ":8"}},         // the same
		{"convert --mean ", []string{":4"}},     // nothing, and no files
		{"convert --data ", []string{":0"}},     // files
		{"run net.snn ", []string{":0"}},        // files
		{"convert net.onnx ", []string{":4"}},   // nothing
		{"compare net.onnx ", []string{"snn"}},  // files that end so
		{"convert --restim ", []string{"none"}}, // a mode
	} {
		words := strings.Split(tt.line, " ")
		out := string(command(t, append([]string{cobra.ShellCompRequestCmd}, words...)...))
		var proposed []string
		for line := range strings.Lines(out) {
			word, _, _ := strings.Cut(strings.TrimSpace(line), "\t")
			proposed = append(proposed, word)
		}
		all := " " + strings.Join(proposed, " ") + " "
		for _, want := range tt.want {
			if !strings.Contains(all, " "+want+" ") {
				t.Errorf("%q: %q is not among %q", tt.line, want, proposed)
			}
		}
	}
}
