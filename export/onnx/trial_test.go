package onnx_test

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/export/onnx"
	"ann2snn/export/target"
	"ann2snn/internal/ort"
	"ann2snn/internal/snntest"
	"ann2snn/internal/testutil"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// trial is a network, inputs, and what runtime makes of them.
type trial struct {
	name    string
	net     *snn.Network
	inputs  [][]float32
	totals  [][]float64
	answers [][]float32
}

// expect runs the inputs by runtime.
func (c *trial) expect(t *testing.T) {
	t.Helper()
	plan, err := runtime.Compile(context.Background(), c.net)
	if err != nil {
		t.Fatal(err)
	}
	s := plan.NewSession(runtime.SessionOptions{Trace: true})
	for _, in := range c.inputs {
		out := make([]float32, plan.OutLen())
		if _, err := s.Run(t.Context(), out, in); err != nil {
			t.Fatal(err)
		}
		total, err := target.Total(c.net, s)
		if err != nil {
			t.Fatal(err)
		}
		c.answers, c.totals = append(c.answers, out), append(c.totals, total)
	}
}

// model exports the network to a new folder and returns the model.
func (c *trial) model(t *testing.T, form *target.Target) string {
	t.Helper()
	files, err := form.Files(c.net, target.Options{Name: "net", Samples: c.inputs[:1]})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range files {
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "net.onnx")
}

// randomTrials draws integer networks, always the same ones. All of them run in one
// process of node: starting one takes longer than running a network.
func randomTrials(t *testing.T, n int, limit func(*snntest.Spec)) []trial {
	t.Helper()
	if testing.Short() {
		n /= 4
	}
	draw := rapid.Custom(func(t *rapid.T) trial {
		spec := snntest.DrawSpec(t)
		spec.Integer = true
		limit(&spec)
		c := trial{net: snntest.Network(t, spec)}
		for range 2 {
			c.inputs = append(c.inputs, snntest.Sample(t, c.net))
		}
		return c
	})
	trials := make([]trial, n)
	for i := range trials {
		trials[i] = draw.Example(i)
		trials[i].name = strconv.Itoa(i)
		trials[i].expect(t)
	}
	return trials
}

// exported is a trial in a form.
type exported struct {
	form *target.Target
	trial
	within int64 // another bound for float32, if not 0
}

// agree runs exports by ONNX Runtime, native and as WebAssembly, and compares every
// output.
func agree(t *testing.T, exports []exported) {
	t.Helper()
	jobs := make([]ort.Job, len(exports))
	for i, e := range exports {
		jobs[i] = e.job(t, e.form)
		if e.within > 0 {
			e.narrow(t, jobs[i].File)
		}
	}
	for _, pkg := range []string{ort.Node, ort.Web} {
		t.Run(pkg, func(t *testing.T) {
			testutil.ORT(t, pkg)
			got, err := ort.Run(t.Context(), pkg, jobs...)
			if err != nil {
				t.Fatal(err)
			}
			for i, e := range exports {
				for k, a := range got[i] {
					e.compare(t, k, a)
				}
			}
		})
	}
}

// narrow writes the model with another bound for float32 in place of file.
func (e *exported) narrow(t *testing.T, file string) {
	t.Helper()
	data, err := onnx.ModelWithin(e.net, e.within)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// job exports a trial.
func (c *trial) job(t *testing.T, form *target.Target) ort.Job {
	t.Helper()
	return ort.Job{File: c.model(t, form), Dims: onnx.InputDims(&c.net.Layers[0]), Inputs: c.inputs}
}

// compare holds the answer to an input to what runtime says, bit for bit.
func (e *exported) compare(t *testing.T, input int, a ort.Answer) {
	t.Helper()
	same := func(a float64, b float32) bool { return a == float64(b) }
	if !slices.EqualFunc(a[0], e.answers[input], same) {
		t.Errorf("%s: network %s, sample %d: answer %v, want %v", e.form.Name, e.name, input, a[0], e.answers[input])
	}
	if !slices.Equal(a[1], e.totals[input]) {
		t.Errorf("%s: network %s, sample %d: levels %v, want %v", e.form.Name, e.name, input, a[1], e.totals[input])
	}
}

// TestRandomNetworks compares networks of all operators, activations and modes.
func TestRandomNetworks(t *testing.T) {
	t.Parallel()
	var exports []exported
	for _, c := range randomTrials(t, 48, func(*snntest.Spec) {}) {
		if refused(c.net) {
			continue
		}
		exports = append(exports, exported{form: onnx.Float, trial: c}, exported{form: onnx.Float, trial: c, within: 1 << 10})
	}
	for _, c := range randomTrials(t, 40, func(s *snntest.Spec) { s.Steps = 1 }) {
		exports = append(exports, exported{form: onnx.QDQ, trial: c})
	}
	agree(t, exports)
}

// TestGroups: host operators on the classes of every pixel are nodes that normalise these.
func TestGroups(t *testing.T) {
	t.Parallel()
	var jobs []ort.Job
	var trials []trial
	for _, c := range randomTrials(t, 40, func(s *snntest.Spec) { s.Steps = 1 }) {
		out := c.net.Layers[c.net.Output].Shape
		if out.H*out.W == 1 || out.C == 1 {
			continue
		}
		fn := []snn.HostFn{snn.HostGroupSoftmax, snn.HostGroupLogSoftmax}[len(trials)%2]
		c.net.Host = []snn.HostOp{{Name: "classes", Fn: fn, Group: out.C, Stride: out.H * out.W}}
		if len(trials)%3 == 0 { // as if channels came last
			c.net.Host[0].Group, c.net.Host[0].Stride = out.W, 1
		}
		c.answers, c.totals = nil, nil
		c.expect(t)
		trials, jobs = append(trials, c), append(jobs, c.job(t, onnx.QDQ))
	}
	if len(jobs) < 3 {
		t.Fatalf("%d networks have maps for outputs", len(jobs))
	}
	testutil.ORT(t, ort.Node)
	answers, err := ort.Run(t.Context(), ort.Node, jobs...)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range trials {
		for k, a := range answers[i] {
			near := func(x float64, y float32) bool { return math.Abs(x-float64(y)) <= 1e-5*(1+math.Abs(x)) }
			if !slices.EqualFunc(a[0], c.answers[k], near) {
				t.Errorf("network %s, %+v: %v, want %v", c.name, c.net.Host[0], a[0], c.answers[k])
			}
		}
	}
}

// refused reports whether the float form cannot express a network.
func refused(n *snn.Network) bool {
	return slices.ContainsFunc(onnx.Float.Check(n), func(l target.Loss) bool { return l.Fatal })
}

// TestLargestProducts: bytes of 255 times weights of 127 and -127 are what saturates int8
// kernels that add pairs in 16 bits.
func TestLargestProducts(t *testing.T) {
	t.Parallel()
	layer := func(in, out int, unit float32) snn.Layer {
		var weights []int8
		for o := range out {
			weights = append(weights, slices.Repeat([]int8{int8(127 - 254*(o%2))}, in)...)
		}
		return snn.Layer{
			Name: "dense", Op: snn.Dense{W: snn.Weights{Q: weights, IntBias: make([]int32, out)}},
			Shape: snn.Shape{H: 1, W: 1, C: out}, Unit: slices.Repeat([]float32{unit}, out),
		}
	}
	n := &snn.Network{Steps: 1, Rho: 1, Integer: true, Output: 2}
	hidden, last := layer(8, 8, 1), layer(8, 8, 1)
	hidden.Neuron = &snn.Neuron{
		Format: snn.Format{M: 8}, IntThreshold: slices.Repeat([]int32{400}, 8), Threshold: slices.Repeat([]float32{400}, 8),
	}
	hidden.Scale, hidden.In, last.In = []float32{400}, []int{0}, []int{1}
	last.Neuron, last.Scale = hidden.Neuron, hidden.Scale
	n.Layers = []snn.Layer{{Name: "input", Op: snn.Input{Levels: 127}, Shape: hidden.Shape, Scale: []float32{1}}, hidden, last}
	c := trial{name: "largest", net: n, inputs: [][]float32{slices.Repeat([]float32{127}, 8), slices.Repeat([]float32{100}, 8)}}
	c.expect(t)
	agree(t, []exported{{form: onnx.QDQ, trial: c}})
}
