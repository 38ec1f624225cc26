// Command results measures the accuracy of spiking networks against that of the networks they
// were made from. It runs the commands in its tables, and writes docs/results.md and the plots
// beside that page.
//
//	go run -C bench/results .            everything, an hour on two cores
//	go run -C bench/results . -only demo -o -
//
// It is a module of its own: what draws the plots is no part of the program. It works in the
// project's folder, from which the paths of its flags count.
//
// It takes from -dir what it measured before with the same program and the same flags.
// Trained networks and samples come from the shared data (ANN2SNN_DATA).
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	var o options
	flag.StringVar(&o.only, "only", "", "models to measure, with commas between (default: all)")
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
	if err := os.MkdirAll(o.dir, 0o755); err != nil {
		return err
	}
	p, err := build(ctx, o)
	if err != nil {
		return err
	}
	var all []*measured
	for _, e := range experiments {
		if o.only != "" && !slices.Contains(strings.Split(o.only, ","), e.name) {
			continue
		}
		m, err := p.measure(ctx, e)
		if err != nil {
			return err
		}
		all = append(all, m)
	}
	var page bytes.Buffer
	if err := writePage(&page, all); err != nil {
		return err
	}
	if o.out == "-" {
		_, err := page.WriteTo(os.Stdout)
		return err
	}
	for _, m := range all {
		if err := plotFront(m, filepath.Join(filepath.Dir(o.out), plotName(m))); err != nil {
			return err
		}
	}
	return os.WriteFile(o.out, page.Bytes(), 0o644) //nolint:gosec // documentation
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
