package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"ann2snn/calibrate"
	"ann2snn/internal/ann"
	"ann2snn/internal/environment"
	"ann2snn/internal/escape"
	"ann2snn/internal/eval"
	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/par"
	"ann2snn/internal/report"
	"ann2snn/runtime"
)

// benchOptions are the flags of bench.
type benchOptions struct {
	model  modelFlags
	batch  int
	warmup int
	runs   int
	span   time.Duration
	plans  []runtime.Option
}

func (a *app) benchCommand() *cobra.Command {
	o := &benchOptions{}
	cmd := &cobra.Command{
		Use:   "bench NET.snn|MODEL.onnx",
		Short: "Measure latency and throughput on this machine",
		Long: `Measure how long this machine takes for a batch of made-up samples, on --threads threads
(default 1), which share the samples of a batch, or the work on a single one. Reading
and preprocessing of samples are not included. With one thread and batches of one, the
median is what compare calls the time of a sample.

` + environment.Help(),
		Example: "  ann2snn bench demo.snn\n  ann2snn bench --threads 4 --batch 16 model.onnx",
		Args:    argsBetween(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case o.batch < 1:
				return usagef("--batch %d is not positive", o.batch)
			case o.warmup < 0:
				return usagef("--warmup %d is negative", o.warmup)
			case o.runs < 0:
				return usagef("--runs %d is negative; 0 measures for as long as --time says", o.runs)
			case o.span < 0:
				return usagef("--time %v is negative", o.span)
			}
			return a.bench(cmd.Context(), args[0], o)
		},
	}
	fs := cmd.Flags()
	o.model.register(fs)
	fs.IntVar(&o.batch, "batch", 1, "samples in a batch, shared by the threads")
	fs.IntVar(&o.warmup, "warmup", 3, "batches that are not measured")
	fs.IntVar(&o.runs, "runs", 0, "batches to measure (default: as many as fit into --time, at least 10)")
	fs.DurationVar(&o.span, "time", 2*time.Second, "how long to measure")
	return cmd
}

// benched is the JSON of bench.
type benched struct {
	Model   string `json:"model"`
	Kind    string `json:"kind"` // snn or ann
	Kernel  string `json:"kernel"`
	CPU     string `json:"cpu"`
	Threads int    `json:"threads"`
	Batch   int    `json:"batch"`
	Steps   int    `json:"steps"`
	Runs    int    `json:"runs"`
	eval.Outputs
	Latency   latency `json:"latency_ms"`     // of a batch
	Note      string  `json:"note,omitempty"` // of the median, where it is the time of a sample
	PerSecond float64 `json:"images_per_s"`
}

type latency struct {
	Min    float64 `json:"min"`
	Median float64 `json:"median"`
	P95    float64 `json:"p95"`
}

// runner runs one sample on behalf of a worker.
type runner func(ctx context.Context, worker int, in []float32) error

func (a *app) bench(ctx context.Context, path string, o *benchOptions) error {
	o.plans = a.plans
	r := &benched{Model: filepath.Base(path), CPU: cpuName(), Threads: max(1, a.threads), Batch: o.batch}
	run, shape, err := r.load(ctx, path, o)
	if err != nil {
		return err
	}
	if text := eval.OutputsNote(r.Outputs); text != "" {
		a.note("note: %s", text)
	}
	samples, err := madeUp(shape, o.batch)
	if err != nil {
		return err
	}
	batch := func() error {
		return par.ForErr(ctx, o.batch, r.Threads, func(worker, i int) error { return run(ctx, worker, samples[i]) })
	}
	times, err := o.timing().Measure(time.Now, batch)
	if err != nil {
		return err
	}
	r.summarise(times)
	if r.Batch == 1 && r.Threads == 1 {
		r.Note = eval.TimeNote
	}
	if a.json {
		return report.JSON(a.stdout, r)
	}
	_, err = fmt.Fprintf(a.stdout, "%s (%s, %s), kernel %s, %s\n%d runs of batches of %d on %d threads: min %.3f ms, median %.3f ms, p95 %.3f ms; %.1f images/s\n",
		escape.Terminal(r.Model), r.Kind, report.Steps(r.Steps), r.Kernel, r.CPU,
		r.Runs, r.Batch, r.Threads, r.Latency.Min, r.Latency.Median, r.Latency.P95, r.PerSecond)
	return err
}

// load compiles what the file holds.
func (r *benched) load(ctx context.Context, path string, o *benchOptions) (runner, []int, error) {
	kind, _, err := sniff(path)
	if err != nil {
		return nil, nil, err
	}
	if kind == kindNetwork {
		return r.loadSNN(ctx, path, o)
	}
	return r.loadANN(ctx, path, o)
}

func (r *benched) loadSNN(ctx context.Context, path string, o *benchOptions) (runner, []int, error) {
	n, err := loadNetwork(ctx, path)
	if err != nil {
		return nil, nil, err
	}
	plan, err := runtime.Compile(ctx, n, o.plans...)
	if err != nil {
		return nil, nil, err
	}
	r.Outputs = eval.OutputsOf(n)
	r.Kind, r.Steps, r.Kernel = "snn", n.Steps, plan.Kernel()
	workers := min(r.Threads, r.Batch)
	sessions := make([]*runtime.Session, workers)
	outs := make([][]float32, workers)
	for i := range sessions {
		sessions[i] = plan.NewSession(runtime.SessionOptions{Threads: r.Threads / workers})
		outs[i] = make([]float32, plan.OutLen())
	}
	return func(ctx context.Context, worker int, in []float32) error {
		_, err := sessions[worker].Run(ctx, outs[worker], in)
		return err
	}, n.InputShape(), nil
}

func (r *benched) loadANN(ctx context.Context, path string, o *benchOptions) (runner, []int, error) {
	m, err := o.model.load(ctx, path)
	if err != nil {
		return nil, nil, err
	}
	shape, err := m.InputShape()
	if err != nil {
		return nil, nil, err
	}
	program, err := ann.Compile(ctx, m.Graph(), ann.Options{})
	if err != nil {
		return nil, nil, err
	}
	r.Outputs = eval.GraphOutputs(m.Graph())
	r.Kind, r.Steps, r.Kernel = "ann", 1, cpu.Default().Name
	return func(ctx context.Context, _ int, in []float32) error {
		_, err := program.Run(ctx, in, nil)
		return err
	}, shape, nil
}

// madeUp returns n synthetic samples.
func madeUp(shape []int, n int) ([][]float32, error) {
	size := 1
	for _, d := range shape {
		size *= d
	}
	source := calibrate.Synthetic(shape, -2, 2, n, 1)
	samples := make([][]float32, n)
	for i := range samples {
		samples[i] = make([]float32, size)
		if _, err := source.Sample(i, samples[i]); err != nil {
			return nil, err
		}
	}
	return samples, nil
}

// timing says how often to run a batch.
func (o *benchOptions) timing() eval.Timing {
	const fewest = 10
	if o.runs > 0 {
		return eval.Timing{Warmup: o.warmup, Fewest: o.runs, Most: o.runs}
	}
	return eval.Timing{Warmup: o.warmup, Fewest: fewest, Span: o.span}
}

// summarise takes sorted times.
func (r *benched) summarise(times []time.Duration) {
	var total time.Duration
	for _, t := range times {
		total += t
	}
	r.Runs = len(times)
	r.Latency = latency{Min: eval.Quantile(times, 0), Median: eval.Quantile(times, 0.5), P95: eval.Quantile(times, 0.95)}
	r.PerSecond = float64(r.Batch*len(times)) / total.Seconds()
}
