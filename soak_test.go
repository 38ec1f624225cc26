package ann2snn_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	goruntime "runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ann2snn"
	"ann2snn/convert"
	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
	"ann2snn/models"
	"ann2snn/runtime"
	"ann2snn/snn"
)

const (
	soakers  = 16        // goroutines on a plan at once
	soakRoom = 256 << 10 // bytes by which the heap may differ between two passes
)

// TestSoak lets many goroutines run samples on one plan: each answer has the bits of that of a
// session alone, and neither memory nor goroutines become more. The gate, with the race detector
// too, runs a few passes; ANN2SNN_SOAK says how long the whole form takes:
//
//	ANN2SNN_SOAK=30m go test . -run TestSoak -v -timeout 1h
func TestSoak(t *testing.T) {
	length, runs := time.Duration(0), 6
	if testing.Short() {
		runs = 2
	}
	if text := os.Getenv("ANN2SNN_SOAK"); text != "" {
		var err error
		if length, err = time.ParseDuration(text); err != nil {
			t.Fatal(err)
		}
		runs = 200
	}
	list := soaks(t)
	begin, said := time.Now(), time.Now()
	var first, last held
	pass := 0
	for ; pass < 3 || time.Since(begin) < length; pass++ {
		for _, s := range list {
			s.pass(t, runs, uint64(pass))
		}
		if last = settled(); pass == 0 {
			first = last // the first pass made what stays
		}
		if time.Since(said) > time.Minute {
			said = time.Now()
			t.Logf("%v: pass %d, %+v", time.Since(begin).Round(time.Second), pass, last)
		}
		if t.Failed() {
			return
		}
	}
	for _, s := range list {
		if s.refused.Load() == 0 {
			t.Errorf("%s: no run was stopped", s.name)
		}
		t.Logf("%s: %d answers, %d runs stopped", s.name, s.answers.Load(), s.refused.Load())
	}
	if last.goroutines > first.goroutines {
		t.Errorf("%d goroutines after the first pass, %d after pass %d", first.goroutines, last.goroutines, pass)
	}
	if last.heap > first.heap+soakRoom {
		t.Errorf("%d bytes of heap after the first pass, %d after pass %d", first.heap, last.heap, pass)
	}
	t.Logf("%d passes: %+v after the first, %+v after the last", pass, first, last)
	goruntime.KeepAlive(list)
}

// held is what the process holds.
type held struct {
	heap       uint64 // bytes
	goroutines int
}

// settled is what stays when the garbage is gone and closed sessions have ended.
func settled() held {
	for range 20 { // goroutines that were told to end
		goruntime.Gosched()
		time.Sleep(time.Millisecond)
	}
	goruntime.GC()
	goruntime.GC() // what pools keep for one cycle
	var m goruntime.MemStats
	goruntime.ReadMemStats(&m)
	return held{m.HeapAlloc, goruntime.NumGoroutine()}
}

// soak is a plan, samples and what a session alone answered.
type soak struct {
	name    string
	plan    *runtime.Plan
	samples [][]float32
	answers atomic.Int64
	refused atomic.Int64
	want    [][]float32
}

// soaks are plans of the demo network in every mode of re-stimulation and in real numbers, and
// of a network whose signals multiply.
func soaks(t *testing.T) []*soak {
	t.Helper()
	demo := demoModel(t)
	samples, err := demo.OpenSamplesFS(models.Samples(), "calibration", ann2snn.SampleOptions{Preprocess: demoSpec(t), Limit: 16})
	if err != nil {
		t.Fatal(err)
	}
	digits := make([][]float32, 16)
	for i := range digits {
		digits[i] = make([]float32, 28*28)
		if _, err := samples.Source.Sample(i, digits[i]); err != nil {
			t.Fatal(err)
		}
	}
	var list []*soak
	for _, restim := range snn.Restims() {
		o := quick
		o.Effort, o.Bits, o.Steps, o.Restim = ann2snn.EffortFast, 4, 2, new(restim)
		list = append(list, newSoak(t, restim.String(), converted(t, demo, samples, o), digits))
	}
	o := quick
	o.Effort, o.Weights = ann2snn.EffortFast, new(convert.Float32)
	list = append(list, newSoak(t, "float", converted(t, demo, samples, o), digits))

	gated, err := ann2snn.Parse(t.Context(), "gated.onnx", gatedModel(t), ann2snn.LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range digits {
		digits[i] = make([]float32, 4*6*6)
		for j := range digits[i] {
			digits[i][j] = float32(r.NormFloat64())
		}
	}
	net := converted(t, gated, nil, quick)
	if !slices.ContainsFunc(net.SNN().Layers, func(l snn.Layer) bool { _, ok := l.Op.(snn.Product); return ok }) {
		t.Fatal("the gated network has no product")
	}
	return append(list, newSoak(t, "product", net, digits))
}

func newSoak(t *testing.T, name string, n *ann2snn.Network, samples [][]float32) *soak {
	t.Helper()
	plan, err := runtime.Compile(t.Context(), n.SNN())
	if err != nil {
		t.Fatal(err)
	}
	s := &soak{name: name, plan: plan, samples: slices.Clone(samples)}
	alone := plan.NewSession(runtime.SessionOptions{})
	defer alone.Close()
	for _, sample := range samples {
		out := make([]float32, plan.OutLen())
		if _, err := alone.Run(t.Context(), out, sample); err != nil {
			t.Fatal(err)
		}
		s.want = append(s.want, out)
	}
	return s
}

// gatedModel multiplies a map of features by a gate for each of its channels.
func gatedModel(t *testing.T) []byte {
	t.Helper()
	r := rand.New(rand.NewPCG(3, 4))
	g := onnxfile.New("gated")
	weights := func(name string, dims ...int64) string {
		n := int64(1)
		for _, d := range dims {
			n *= d
		}
		w := make([]float32, n)
		for i := range w {
			w[i] = float32(r.NormFloat64()) / 4
		}
		return g.Constant(onnxfile.Floats(name, w, dims...))
	}
	x := g.Input("x", pb.TensorProto_FLOAT, 1, 4, 6, 6)
	x = g.Node("conv", "Conv", []string{x, weights("w1", 8, 4, 3, 3)})
	x = g.Node("relu", "Relu", []string{x})
	y := g.Node("pool", "GlobalAveragePool", []string{x})
	y = g.Node("excite", "Conv", []string{y, weights("w2", 8, 8, 1, 1)})
	y = g.Node("gate", "Sigmoid", []string{y})
	x = g.Node("product", "Mul", []string{x, y})
	x = g.Node("flat", "Flatten", []string{x})
	x = g.Node("classes", "Gemm", []string{x, weights("w3", 8*4*4, 5)})
	g.Output(x, pb.TensorProto_FLOAT, 1, 5)
	file, err := onnxfile.Marshal(g.Model("test"))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// pass lets every goroutine run samples on sessions of all kinds, some of which are stopped.
func (s *soak) pass(t *testing.T, runs int, seed uint64) {
	t.Helper()
	var all sync.WaitGroup
	for worker := range soakers {
		all.Go(func() {
			r := rand.New(rand.NewPCG(seed, uint64(worker)))
			for left := runs; left > 0 && !t.Failed(); {
				n := min(left, 1+r.IntN(20))
				left -= n
				s.session(t, n, r)
			}
		})
	}
	all.Wait()
}

// session opens a session, runs some samples and closes it.
func (s *soak) session(t *testing.T, runs int, r *rand.Rand) {
	t.Helper()
	o := runtime.SessionOptions{Threads: r.IntN(4), Stats: r.IntN(2) == 0, Trace: r.IntN(8) == 0}
	session := s.plan.NewSession(o)
	defer session.Close()
	stopped, stop := context.WithCancel(t.Context())
	stop()
	out := make([]float32, s.plan.OutLen())
	for range runs {
		i := r.IntN(len(s.samples))
		if r.IntN(6) == 0 {
			if _, err := session.Run(stopped, out, s.samples[i]); !errors.Is(err, context.Canceled) {
				t.Errorf("%s, %+v: a run that was stopped ends with %v", s.name, o, err)
			}
			s.refused.Add(1)
		}
		if _, err := session.Run(t.Context(), out, s.samples[i]); err != nil {
			t.Errorf("%s, %+v: %v", s.name, o, err)
			return
		}
		if !slices.EqualFunc(out, s.want[i], func(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) }) {
			t.Errorf("%s, %+v, sample %d: %v, a session alone answers %v", s.name, o, i, out, s.want[i])
		}
		s.answers.Add(1)
	}
}
