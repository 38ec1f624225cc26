package runtime_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/snntest"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// TestByteSessions: sessions without a trace, in which layers are fused and share
// memory, answer after every step as those with one, on any number of
// threads, with any kernels and in any way to compute, and count the same.
func TestByteSessions(t *testing.T) {
	sets := cpu.Sets()
	rapid.Check(t, func(t *rapid.T) {
		spec := snntest.DrawSpec(t)
		spec.Integer = true
		n := snntest.Network(t, spec)
		n.Output = rapid.IntRange(0, len(n.Layers)-1).Draw(t, "output")
		if n.Verify() != nil {
			t.Skip("not an output")
		}
		for i := range n.Layers {
			n.Layers[i].Density = rapid.SampledFrom([]float32{0, 0.05}).Draw(t, "density")
		}
		ways := []runtime.Option{
			runtime.UseKernels(rapid.SampledFrom(sets).Draw(t, "kernels").Name),
			runtime.UseSparse(rapid.SampledFrom([]runtime.Choice{runtime.Always, runtime.Never}).Draw(t, "sparse")),
			runtime.UseWinograd(rapid.SampledFrom([]runtime.Choice{runtime.Always, runtime.Never}).Draw(t, "Winograd")),
		}
		plan, err := runtime.Compile(context.Background(), n, ways...)
		if err != nil {
			t.Fatal(err)
		}
		alone, err := runtime.CompileDetached(context.Background(), n, nil, ways...)
		if err != nil {
			t.Fatal(err)
		}
		bytes := []*runtime.Session{
			plan.NewSession(runtime.SessionOptions{}),
			plan.NewSession(runtime.SessionOptions{Threads: 3}),
			plan.NewSession(runtime.SessionOptions{Stats: true}),
			alone.NewSession(runtime.SessionOptions{Stats: true}),
		}
		for range 2 { // a second run starts afresh
			sample := snntest.Sample(t, n)
			traced := plan.NewSession(runtime.SessionOptions{Stats: true, Trace: true})
			for _, s := range bytes {
				compareSessions(t, n, s, traced, sample)
			}
		}
		for _, s := range bytes {
			s.Close()
		}
	})
}

// fataler is a test of any kind.
type fataler interface {
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

func compareSessions(t fataler, n *snn.Network, s, traced *runtime.Session, sample []float32) {
	got, want := make([]float32, s.Shape(n.Output).Len()), make([]float32, s.Shape(n.Output).Len())
	stats, err := s.Run(context.Background(), got, sample)
	wantStats, wantErr := traced.Run(context.Background(), want, sample)
	if err != nil || wantErr != nil {
		t.Fatal(err, wantErr)
	}
	for step := 1; step <= n.Steps; step++ {
		ok(s.Readout(step, got))
		ok(traced.Readout(step, want))
		if !slices.Equal(got, want) {
			t.Fatalf("after step %d: %v, want %v", step, got, want)
		}
	}
	if stats.Layers != nil && !slices.Equal(stats.Layers, wantStats.Layers) {
		t.Fatalf("counted %+v, want %+v", stats.Layers, wantStats.Layers)
	}
}

// TestWays holds every way to compute, with every set of kernels, to the answers of the
// specification, bit for bit: also where sums and residual levels join a convolution.
func TestWays(t *testing.T) {
	n := resnet20(1, true)
	for i := range n.Layers {
		n.Layers[i].Density = 0.05
		if op, ok := n.Layers[i].Op.(snn.Conv); ok {
			for k := range op.W.Q { // within which Winograd's method is exact
				op.W.Q[k] = max(-14, min(op.W.Q[k], 14))
			}
		}
	}
	in := make([]float32, n.Layers[0].Shape.Len())
	for r, i := rand.New(rand.NewPCG(3, 4)), 0; i < len(in); i++ {
		in[i] = float32(r.NormFloat64())
	}
	want := answer(t, n, in, runtime.SessionOptions{Trace: true})
	for _, set := range cpu.Sets() {
		for _, winograd := range []runtime.Choice{runtime.Auto, runtime.Always, runtime.Never} {
			for _, sparse := range []runtime.Choice{runtime.Auto, runtime.Always, runtime.Never} {
				for _, threads := range []int{1, 2} {
					got := answer(t, n, in, runtime.SessionOptions{Threads: threads}, runtime.UseKernels(set.Name), runtime.UseWinograd(winograd), runtime.UseSparse(sparse))
					if !slices.Equal(got, want) {
						t.Errorf("%s, Winograd %d, sparse %d, %d threads: %v, want %v", set.Name, winograd, sparse, threads, got, want)
					}
				}
			}
		}
	}
}

// answer returns the readout of a network compiled with some options.
func answer(t *testing.T, n *snn.Network, in []float32, o runtime.SessionOptions, ways ...runtime.Option) []float32 {
	t.Helper()
	plan, err := runtime.Compile(context.Background(), n, ways...)
	if err != nil {
		t.Fatal(err)
	}
	s, out := plan.NewSession(o), make([]float32, plan.OutLen())
	defer s.Close()
	if _, err := s.Run(t.Context(), out, in); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestUseUnknownKernels: a set that does not run here is an error that names those that do.
func TestUseUnknownKernels(t *testing.T) {
	_, err := runtime.Compile(context.Background(), resnet20(1, true), runtime.UseKernels("abacus"))
	if err == nil || !strings.Contains(err.Error(), "possible: ") {
		t.Errorf("%v", err)
	}
}

// TestByteWideInput: input levels that do not fit a byte are computed with digit by digit.
func TestByteWideInput(t *testing.T) {
	n := strongest(1, 6)
	n.Layers[0].Op, n.Layers[0].Scale = snn.Input{Levels: 70000, ChannelsFirst: true}, []float32{1}
	n.Layers[0].Shape = snn.Shape{H: 1, W: 3, C: 2}
	n.Layers[1].Neuron, n.Layers[1].Scale = nil, nil
	n.Layers[1].Op = snn.Dense{W: snn.Weights{Q: []int8{1, 10, -100, 3, 7, 127}, IntBias: []int32{-5}}}
	plan, err := runtime.Compile(context.Background(), n)
	if err != nil {
		t.Fatal(err)
	}
	for _, sample := range [][]float32{{1, 2, 3, 4, 5, 6}, {-70001, 128, -129, 65535, 99999, -32768}, {127, -128, 255, 256, 32767, 32768}} {
		got, want := make([]float32, 1), make([]float32, 1)
		for _, s := range []struct {
			options runtime.SessionOptions
			out     []float32
		}{{runtime.SessionOptions{}, got}, {runtime.SessionOptions{Trace: true}, want}} {
			if _, err := plan.NewSession(s.options).Run(t.Context(), s.out, sample); err != nil {
				t.Fatal(err)
			}
		}
		if got[0] != want[0] {
			t.Errorf("%v: %v, want %v", sample, got[0], want[0])
		}
	}
}

// TestByteNegativeTotals: neurons that are not signed may follow a function with negative
// values; the maximum of their running sums is then no matter of bytes.
func TestByteNegativeTotals(t *testing.T) {
	one, map2 := []float32{1}, snn.Shape{H: 1, W: 2, C: 1}
	n := &snn.Network{
		Steps: 3, Rho: 1, Integer: true, Output: 2,
		Layers: []snn.Layer{
			{Name: "x", Op: snn.Input{Levels: 10}, Shape: map2, Scale: one},
			{
				Name: "neurons", Op: snn.Sum{Mult: [][]int32{{1}}}, In: []int{0}, Shape: map2, Scale: one, Unit: one,
				Neuron: &snn.Neuron{Format: snn.Format{M: 3}, Threshold: one, IntThreshold: []int32{1}, Act: snn.Activation{Fn: snn.LeakyRelu, A: 1}},
			},
			{
				Name: "max", In: []int{1}, Shape: snn.Shape{H: 1, W: 1, C: 1}, Scale: one,
				Op: snn.MaxPool{Window: snn.Window{Kernel: [2]int{1, 2}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}}},
			},
		},
	}
	plan := must(runtime.Compile(t.Context(), n))
	got, want := make([]float32, 1), make([]float32, 1)
	for _, in := range [][]float32{{-3, -5}, {-2, 1}, {4, -7}} {
		must(plan.NewSession(runtime.SessionOptions{}).Run(t.Context(), got, in))
		must(plan.NewSession(runtime.SessionOptions{Trace: true}).Run(t.Context(), want, in))
		if got[0] != want[0] {
			t.Errorf("%v: %v, want %v", in, got, want)
		}
	}
}
