package main

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"ann2snn/bench/int8ref"
	"ann2snn/calibrate"
	"ann2snn/importer"
	"ann2snn/internal/dataset"
	"ann2snn/ir"
	"ann2snn/ir/passes"
)

//go:embed classify.mjs
var classifyScript []byte

// int8 measures the int8 reference of an experiment: its top-1 accuracy on the same test
// samples, in ONNX Runtime, with ranges from as many calibration samples.
func (p *program) int8(ctx context.Context, e *experiment) (*result, error) {
	file := p.fill(e.model)
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	g, err := importer.Load(ctx, file, importer.Options{})
	if err != nil {
		return nil, err
	}
	if err := passes.Run(ctx, g, nil); err != nil {
		return nil, err
	}
	samples, n, err := p.samples(g, e.calibration, "")
	if err != nil {
		return nil, err
	}
	defer samples.Close()
	quantised, err := int8ref.Quantise(ctx, data, g, calibrate.Pick(samples, 1, 0, n))
	if err != nil {
		return nil, err
	}
	model := filepath.Join(p.dir, e.name+".int8.onnx")
	if err := os.WriteFile(model, quantised, 0o600); err != nil {
		return nil, err
	}
	test, _, err := p.samples(g, e.test, e.calibration)
	if err != nil {
		return nil, err
	}
	defer test.Close()
	r := &result{Samples: test.Len()}
	right, err := p.classify(ctx, model, g.Type(g.Inputs[0]).Shape.Ints(), test)
	r.SNN.Top1 = 100 * float64(right) / float64(test.Len())
	return r, err
}

// samples opens what the flags of a command name, prepared as these flags say, or, where
// they do not, those of another command. n is how many are to calibrate on.
func (p *program) samples(g *ir.Graph, flags, other string) (set *dataset.Set, n int, err error) {
	var path string
	o := dataset.Options{InputShape: g.Type(g.Inputs[0]).Shape.Ints()[1:]}
	var f dataset.Flags
	for _, text := range []string{other, flags} {
		fs := pflag.NewFlagSet("samples", pflag.ContinueOnError)
		fs.StringVar(&path, "data", "", "")
		fs.StringVar(&f.Preset, "preprocess", f.Preset, "")
		fs.IntVar(&o.Skip, "skip", 0, "")
		fs.IntVar(&o.Limit, "limit", 0, "")
		fs.IntVar(&n, "calib-samples", 0, "")
		if err := fs.Parse(strings.Fields(p.fill(text))); err != nil {
			return nil, 0, err
		}
	}
	if o.Preprocess, err = f.Preprocess(); err != nil {
		return nil, 0, err
	}
	set, err = dataset.Open(path, o)
	return set, n, err
}

// classify counts the samples whose class ONNX Runtime finds.
func (p *program) classify(ctx context.Context, model string, dims []int, samples *dataset.Set) (right int, err error) {
	script := filepath.Join(p.dir, "classify.mjs")
	if err := os.WriteFile(script, classifyScript, 0o600); err != nil {
		return 0, err
	}
	shape := strings.Trim(strings.ReplaceAll(fmt.Sprint(dims), " ", ","), "[]")
	cmd := exec.CommandContext(ctx, "node", script, model, shape) //nolint:gosec // the script is the one written above
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return 0, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	labels := make([]int, samples.Len())
	wrote := make(chan error, 1)
	go func() { wrote <- errors.Join(write(in, samples, product(dims), labels), in.Close()) }()
	var answers []int
	for lines := bufio.NewScanner(out); lines.Scan(); {
		class, err := strconv.Atoi(lines.Text())
		if err != nil {
			return 0, err
		}
		answers = append(answers, class)
	}
	if err := errors.Join(<-wrote, cmd.Wait()); err != nil {
		return 0, err
	}
	if len(answers) != len(labels) {
		return 0, fmt.Errorf("onnx runtime answered %d of %d samples", len(answers), len(labels))
	}
	for i, class := range answers {
		if class == labels[i] {
			right++
		}
	}
	return right, nil
}

// write writes all samples, and notes their labels.
func write(w io.Writer, samples *dataset.Set, size int, labels []int) error {
	sample := make([]float32, size)
	for i := range labels {
		var err error
		if labels[i], err = samples.Sample(i, sample); err != nil {
			return err
		}
		if err := binary.Write(w, binary.LittleEndian, sample); err != nil {
			return err
		}
	}
	return nil
}

func product(dims []int) int {
	n := 1
	for _, d := range dims {
		n *= d
	}
	return n
}
