package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"ann2snn/bench/int8ref"
	"ann2snn/calibrate"
	"ann2snn/convert"
	"ann2snn/importer"
	"ann2snn/internal/ann"
	"ann2snn/ir"
	"ann2snn/ir/passes"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// calibrationSamples are made up, because only time is measured.
const calibrationSamples = 8

// configuration says how a network is converted.
type configuration struct {
	name   string
	bits   uint8
	steps  int
	restim snn.Restim
	rho    int
	values convert.Weights
}

var configurations = []configuration{
	{"T=1 B=8", 8, 1, snn.RestimNone, 1, convert.Int8},
	{"T=1 B=4", 4, 1, snn.RestimNone, 1, convert.Int8},
	{"T=1 B=4 29 levels of weights", 4, 1, snn.RestimNone, 1, convert.Levels29},
	{"T=4 B=4 signed", 4, 4, snn.RestimSigned, 1, convert.Int8},
	{"T=4 B=2 refine", 2, 4, snn.RestimRefine, 4, convert.Int8},
}

// model is a network in all its forms.
type model struct {
	plans  []runtime.Option
	name   string
	file   string // ONNX
	dims   []int
	graph  *ir.Graph // after the passes
	source calibrate.Source
	sample []float32
	macs   int64
}

func loadModel(ctx context.Context, name, file string) (*model, error) {
	g, err := importer.Load(ctx, file, importer.Options{})
	if err != nil {
		return nil, err
	}
	if err := passes.Run(ctx, g, nil); err != nil {
		return nil, err
	}
	m := &model{name: name, file: file, graph: g, dims: g.Type(g.Inputs[0]).Shape.Ints()}
	m.source = calibrate.Synthetic(m.dims, -2, 2, calibrationSamples, 1)
	m.sample = make([]float32, g.Type(g.Inputs[0]).Elems())
	_, err = m.source.Sample(0, m.sample)
	return m, err
}

// quantise writes the int8 form of the model to file.
func (m *model) quantise(ctx context.Context, file string) error {
	data, err := os.ReadFile(m.file)
	if err != nil {
		return err
	}
	if data, err = int8ref.Quantise(ctx, data, m.graph, m.source); err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o600)
}

// convert makes a spiking network with int8 weights of the model.
func (m *model) convert(ctx context.Context, c configuration) (*runtime.Plan, error) {
	sites, err := convert.Sites(ctx, m.graph)
	if err != nil {
		return nil, err
	}
	method, err := calibrate.ParseMethod("mse")
	if err != nil {
		return nil, err
	}
	profile, err := calibrate.Run(ctx, m.graph, m.source, calibrate.Options{
		Sites: sites, Samples: calibrationSamples, Method: method, PerChannel: true, Synthetic: true,
	})
	if err != nil {
		return nil, err
	}
	n, _, err := convert.Lower(ctx, m.graph, profile, convert.Options{
		Format: snn.Format{M: 1, N: c.bits - 1}, Steps: c.steps, Restim: c.restim, Rho: c.rho,
		Weights: c.values, Method: method, PerChannel: true,
	})
	if err != nil {
		return nil, err
	}
	return runtime.Compile(ctx, n, m.plans...)
}

// contestant is an engine with a network, to be timed.
type contestant struct {
	name string
	run  func(runs int) (ms float64, err error) // the median of some runs
}

// ours returns a contestant that runs f in this process.
func ours(name string, f func() error) contestant {
	return contestant{name, func(runs int) (float64, error) {
		times := make([]float64, runs)
		for i := range times {
			start := time.Now()
			if err := f(); err != nil {
				return 0, err
			}
			times[i] = time.Since(start).Seconds() * 1000
		}
		return median(times), nil
	}}
}

// contestants prepares everything that runs a model, ONNX Runtime first.
func (m *model) contestants(ctx context.Context, dir string, e *engine, threads int) ([]contestant, error) {
	int8File, optimised := filepath.Join(dir, m.name+".int8.onnx"), filepath.Join(dir, m.name+".optimised.onnx")
	if err := m.quantise(ctx, int8File); err != nil {
		return nil, err
	}
	var all []contestant
	for _, o := range []struct{ name, file, optimised string }{{ortFloat, m.file, ""}, {ortInt8, int8File, optimised}} {
		key := m.name + " " + o.name
		if err := e.open(key, o.file, m.dims, o.optimised); err != nil {
			return nil, err
		}
		all = append(all, contestant{o.name, func(runs int) (float64, error) { return e.median(key, runs) }})
	}
	if _, err := checkIntegers(optimised); err != nil {
		return nil, fmt.Errorf("%s: %w", m.name, err)
	}
	program, err := ann.Compile(ctx, m.graph, ann.Options{})
	if err != nil {
		return nil, err
	}
	all = append(all, ours(reference, func() error {
		_, err := program.Run(ctx, m.sample, nil)
		return err
	}))
	for _, c := range configurations {
		plan, err := m.convert(ctx, c)
		if err != nil {
			return nil, fmt.Errorf("%s, %s: %w", m.name, c.name, err)
		}
		session, out := plan.NewSession(runtime.SessionOptions{Threads: threads}), make([]float32, plan.OutLen())
		all = append(all, ours(c.name, func() error {
			_, err := session.Run(ctx, out, m.sample)
			return err
		}))
	}
	return all, nil
}
