// Command results measures the accuracy of spiking networks against that of the networks they
// were made from. It runs the commands in its tables, and writes docs/results.md and the plots
// beside that page.
//
//	go run -C bench/results .            everything, an hour on two cores
//	go run -C bench/results . -only demo -o -
//	go run -C bench/results . -only panel         networks of different kinds (models/panel)
//	go run -C bench/results . -only seen -o -     those that the method may be chosen by
//	go run -C bench/results . -only panel/wild -o -
//
// With -only, the other sections of the page stay as they are.
//
// It is a module of its own: what draws the plots is no part of the program. It works in the
// project's folder, from which the paths of its flags count.
//
// It takes from -dir what it measured before with the same program and the same flags.
// Trained networks and samples come from the shared data (ANN2SNN_DATA).
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	var o options
	flag.StringVar(&o.only, "only", "", "models to measure, with commas between; panel, seen and panel/NAME are those of the panel (default: all)")
	flag.StringVar(&o.out, "o", filepath.Join("docs", "results.md"), "where the report goes; - is stdout, without plots")
	flag.StringVar(&o.dir, "dir", filepath.Join(".cache", "results"), "folder for networks and measurements")
	flag.StringVar(&o.data, "data", dataFolder(), "the shared data")
	flag.Parse()
	err := enterProject()
	if err == nil {
		err = run(context.Background(), o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "results:", err)
		os.Exit(1)
	}
}

// options are the command's flags.
type options struct{ only, out, dir, data string }

func dataFolder() string {
	if dir := os.Getenv("ANN2SNN_DATA"); dir != "" {
		return dir
	}
	return filepath.Join("..", "shared", "data")
}

func run(ctx context.Context, o options) error {
	chosen, err := choose(o)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(o.dir, 0o755); err != nil {
		return err
	}
	p, err := build(ctx, o)
	if err != nil {
		return err
	}
	var fresh []section
	if len(chosen.panel) > 0 {
		networks, err := p.measurePanel(ctx, chosen.panel)
		if err != nil {
			return err
		}
		fresh = append(fresh, panelSection(networks))
	}
	for _, e := range chosen.experiments {
		m, err := p.measure(ctx, e)
		if err != nil {
			return err
		}
		fresh = append(fresh, m.section())
		if o.out == "-" {
			continue
		}
		if err := plotFront(m, filepath.Join(filepath.Dir(o.out), plotName(m))); err != nil {
			return err
		}
	}
	if o.out == "-" {
		_, err := os.Stdout.WriteString(writePage(nil, fresh))
		return err
	}
	old, err := os.ReadFile(o.out)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.WriteFile(o.out, []byte(writePage(sections(string(old)), fresh)), 0o644) //nolint:gosec // documentation
}

// choice is what to measure.
type choice struct {
	panel       []panelNetwork
	experiments []experiment
}

// choose picks what -only names; without it, everything.
func choose(o options) (choice, error) {
	panel, err := panelNetworks()
	if err != nil || o.only == "" {
		return choice{panel, experiments}, err
	}
	var c choice
	for name := range strings.SplitSeq(o.only, ",") {
		known := false
		for _, e := range experiments {
			if e.name == name {
				c.experiments, known = append(c.experiments, e), true
			}
		}
		for _, n := range panel {
			if name == "panel" || name == "seen" && n.seen || name == "panel/"+n.name {
				c.panel, known = append(c.panel, n), true
			}
		}
		if !known {
			return c, fmt.Errorf("-only %s: there are %s, panel, seen and panel/NAME", name, strings.Join(experimentNames(), ", "))
		}
	}
	if n := len(c.panel); n > 0 && n < len(panel) && o.out != "-" {
		return c, errors.New("a part of the panel is no section of the page: it wants -o -")
	}
	return c, nil
}

func experimentNames() []string {
	var names []string
	for _, e := range experiments {
		names = append(names, e.name)
	}
	return names
}

// build builds the program that is measured.
func build(ctx context.Context, o options) (*program, error) {
	file, err := filepath.Abs(filepath.Join(o.dir, "ann2snn"))
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-o", file, "./cmd/ann2snn") //nolint:gosec // our own
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("building ann2snn: %w", err)
	}
	return newProgram(file, o)
}
