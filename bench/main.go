// Command bench compares the speed of spiking networks with that of ONNX Runtime on this
// machine, in float32 and in int8, in one run, and writes docs/benchmarks.md.
//
//	go run ./bench            every network, into docs/benchmarks.md
//	go run ./bench -only resnet18,resnet20 -rounds 5 -o -
//	go run ./bench -only layers -o -          single layers by Winograd's method and sparse
//
// It needs node, onnxruntime-node in the folder that ANN2SNN_ORT names, and for the
// trained networks the shared data (ANN2SNN_DATA).
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"ann2snn/bench/nets"
	"ann2snn/internal/environment"
	"ann2snn/internal/kernels/cpu"
	"ann2snn/runtime"
)

// options are the command's flags.
type options struct {
	only    string
	rounds  int
	threads int
	out     string
	dir     string
	plans   []runtime.Option // from the environment
}

func main() {
	var o options
	flag.StringVar(&o.only, "only", "", "networks to run, with commas between (default: all)")
	flag.IntVar(&o.rounds, "rounds", 15, "how often every contestant gets its turn")
	flag.IntVar(&o.threads, "threads", 1, "threads of every contestant")
	flag.StringVar(&o.out, "o", filepath.Join("docs", "benchmarks.md"), "where the report goes; - is stdout")
	flag.StringVar(&o.dir, "dir", filepath.Join(".cache", "bench"), "folder for models")
	flag.Parse()
	if err := run(context.Background(), o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	var err error
	if o.plans, err = environment.Apply(); err != nil {
		return err
	}
	if err := os.MkdirAll(o.dir, 0o755); err != nil {
		return err
	}
	e, err := startEngine(ctx, o.dir, o.threads)
	if err != nil {
		return err
	}
	r := &results{options: o}
	for _, name := range names {
		if o.only != "" && !slices.Contains(strings.Split(o.only, ","), name) {
			continue
		}
		fmt.Fprintln(os.Stderr, name)
		if err := r.measure(ctx, e, name); err != nil {
			return err
		}
	}
	if err := e.close(); err != nil {
		return err
	}
	if o.only == "" || o.only == onlyLayers {
		fmt.Fprintln(os.Stderr, "layers")
		r.trials = tryLayers(o.rounds)
	}
	if o.out == "-" {
		return r.write(os.Stdout)
	}
	return r.writeFile(o.out)
}

// onlyLayers asks for no network.
const onlyLayers = "layers"

// names lists the networks, the smallest first.
var names = []string{"resnet20", "squeezenet1.1", "mobilenetv2", "resnet18", "resnet50", "vgg16"}

// trained are those whose files are in the shared data.
var trained = map[string]string{
	"resnet20":      "models/cifar10_resnet20_folded.onnx",
	"squeezenet1.1": "models/imagenet_squeezenet1.1.onnx",
}

// find returns the file of a network; those with random weights are built.
func find(name, dir string) (string, error) {
	if file, ok := trained[name]; ok {
		data := os.Getenv("ANN2SNN_DATA")
		if data == "" {
			data = filepath.Join("..", "shared", "data")
		}
		file = filepath.Join(data, file)
		_, err := os.Stat(file)
		return file, err
	}
	file := filepath.Join(dir, name+".onnx")
	for _, n := range nets.All {
		if n.Name != name {
			continue
		}
		data, err := proto.Marshal(n.Build().Model)
		if err != nil {
			return "", err
		}
		return file, os.WriteFile(file, data, 0o600)
	}
	return "", fmt.Errorf("no network is called %q", name)
}

// measure runs all contestants of a network in turn.
func (r *results) measure(ctx context.Context, e *engine, name string) error {
	file, err := find(name, r.dir)
	if err != nil {
		return err
	}
	m, err := loadModel(ctx, name, file)
	if err != nil {
		return err
	}
	m.plans = r.plans
	m.macs = m.graph.MACs()
	all, err := m.contestants(ctx, r.dir, e, r.threads)
	if err != nil {
		return err
	}
	set := cpu.Default()
	t := &timings{model: m.name, macs: m.macs, ms: map[string][]float64{}}
	for _, c := range all { // warm up, and see how many runs fill a turn
		ms, err := c.run(3)
		if err != nil {
			return err
		}
		t.contestants, t.runs = append(t.contestants, c.name), append(t.runs, max(3, int(turnMS/ms)))
	}
	for range r.rounds {
		for i, c := range all {
			ms, err := c.run(t.runs[i])
			if err != nil {
				return err
			}
			t.ms[c.name] = append(t.ms[c.name], ms)
		}
		r.peaks = append(r.peaks, peak(set))
	}
	r.timings = append(r.timings, t)
	return nil
}

// turnMS is about how long a contestant's turn takes.
const turnMS = 40
