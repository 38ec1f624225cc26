package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// flagGroup is a part of the flags in help, in the order in which they are shown.
type flagGroup struct {
	title string
	flags []string
}

// flagGroups holds every flag once.
var flagGroups = []flagGroup{
	{"Basic", []string{
		"data", "calib-data", "preprocess", "bits", "steps", "effort", "max-drop", "target", "list-targets", "check", "verify",
		"top", "labels", "early-exit", "html", "out", "force", "version", "help",
	}},
	{"Data and model", []string{
		"data-format", "limit", "skip", "skip-bad", "ignore-exif", "scale", "mean", "std", "resize", "crop", "layout", "channels",
		"allow-overlap", "task", "output", "input-shape", "dump-ir",
	}},
	{"Method", []string{
		"calib-samples", "seed", "profile", "format", "restim", "rho", "weights", "fit", "tune", "layer-bits", "method", "per-channel",
		"allow-loss", "name", "max-flash", "max-ram", "batch", "warmup", "runs", "time",
	}},
	{"Output and machine", []string{"json", "jsonl", "summary", "spikes", "quiet", "threads", "max-memory"}},
}

// helpWidth is where lines of help are broken.
const helpWidth = 100

// usage prints how a command is called: cobra's text, but for the flags, which are in groups.
func usage(cmd *cobra.Command) error {
	w := cmd.OutOrStderr()
	var b strings.Builder
	b.WriteString("Usage:\n")
	if cmd.Runnable() {
		b.WriteString("  " + cmd.UseLine() + "\n")
	}
	if cmd.HasAvailableSubCommands() {
		b.WriteString("  " + cmd.CommandPath() + " [command]\n")
	}
	if cmd.HasExample() {
		b.WriteString("\nExamples:\n" + cmd.Example + "\n")
	}
	if cmd.HasAvailableSubCommands() {
		b.WriteString("\nCommands:\n")
		for _, c := range cmd.Commands() {
			if c.IsAvailableCommand() || c.Name() == "help" {
				fmt.Fprintf(&b, "  %-*s %s\n", cmd.NamePadding(), c.Name(), c.Short)
			}
		}
	}
	for _, group := range flagGroups {
		if text := group.usage(cmd.Flags()); text != "" {
			b.WriteString("\n" + group.title + ":\n" + text)
		}
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\nUse %q for more information about a command.\n", cmd.CommandPath()+" [command] --help")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// usage lists those flags of the group that a command has.
func (g *flagGroup) usage(all *pflag.FlagSet) string {
	part := pflag.NewFlagSet(g.title, pflag.ContinueOnError)
	part.SortFlags = false
	for _, name := range g.flags {
		if f := all.Lookup(name); f != nil && !f.Hidden {
			part.AddFlag(f)
		}
	}
	if !part.HasFlags() {
		return ""
	}
	const value = "[=true|false]" // a switch is given or not
	return strings.ReplaceAll(part.FlagUsagesWrapped(helpWidth), value, strings.Repeat(" ", len(value)))
}
