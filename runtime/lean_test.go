package runtime_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/internal/snntest"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// TestLeanSessions: sessions that keep nothing, in which layers are fused and share
// memory, answer after every step as those that keep everything, on any number of
// threads, and count the same.
func TestLeanSessions(t *testing.T) {
	t.Setenv("ANN2SNN_SPARSE", "on")
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
		plan, err := runtime.Compile(n)
		if err != nil {
			t.Fatal(err)
		}
		alone, err := runtime.CompileLean(n, nil)
		if err != nil {
			t.Fatal(err)
		}
		lean := []*runtime.Session{
			plan.NewSession(runtime.SessionOptions{}),
			plan.NewSession(runtime.SessionOptions{Threads: 3}),
			plan.NewSession(runtime.SessionOptions{Stats: true}),
			alone.NewSession(runtime.SessionOptions{Stats: true}),
		}
		for range 2 { // a second run starts afresh
			sample := snntest.Sample(t, n)
			kept := plan.NewSession(runtime.SessionOptions{Stats: true, Trace: true})
			for _, s := range lean {
				compareSessions(t, n, s, kept, sample)
			}
		}
		for _, s := range lean {
			s.Close()
		}
	})
}

func compareSessions(t *rapid.T, n *snn.Network, s, kept *runtime.Session, sample []float32) {
	got, want := make([]float32, s.Shape(n.Output).Len()), make([]float32, s.Shape(n.Output).Len())
	stats, err := s.Run(context.Background(), got, sample)
	wantStats, wantErr := kept.Run(context.Background(), want, sample)
	if err != nil || wantErr != nil {
		t.Fatal(err, wantErr)
	}
	for step := 1; step <= n.Steps; step++ {
		s.Readout(step, got)
		kept.Readout(step, want)
		if !slices.Equal(got, want) {
			t.Fatalf("after step %d: %v, want %v", step, got, want)
		}
	}
	if stats.Layers != nil && !slices.Equal(stats.Layers, wantStats.Layers) {
		t.Fatalf("counted %+v, want %+v", stats.Layers, wantStats.Layers)
	}
}

// TestLeanWinograd: convolutions by Winograd's method answer as those that are computed
// directly, also where sums and residual levels join them.
func TestLeanWinograd(t *testing.T) {
	t.Setenv("ANN2SNN_WINOGRAD", "on")
	n := resnet20(1, true)
	for i := range n.Layers {
		if op, ok := n.Layers[i].Op.(snn.Conv); ok {
			for k := range op.W.Q {
				op.W.Q[k] = max(-14, min(op.W.Q[k], 14))
			}
		}
	}
	plan, err := runtime.Compile(n)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 4))
	for _, threads := range []int{1, 2} {
		lean, kept := plan.NewSession(runtime.SessionOptions{Threads: threads}), plan.NewSession(runtime.SessionOptions{Trace: true})
		in, got, want := make([]float32, plan.InLen()), make([]float32, plan.OutLen()), make([]float32, plan.OutLen())
		for i := range in {
			in[i] = float32(r.NormFloat64())
		}
		for _, s := range []struct {
			session *runtime.Session
			out     []float32
		}{{lean, got}, {kept, want}} {
			if _, err := s.session.Run(t.Context(), s.out, in); err != nil {
				t.Fatal(err)
			}
		}
		lean.Close()
		if !slices.Equal(got, want) {
			t.Errorf("%d threads: %v, want %v", threads, got, want)
		}
	}
}

// TestLeanWideInput: input levels that do not fit a byte are computed with digit by digit.
func TestLeanWideInput(t *testing.T) {
	n := strongest(1, 6)
	n.Layers[0].Op, n.Layers[0].Scale = snn.Input{Levels: 70000, ChannelsFirst: true}, []float32{1}
	n.Layers[0].Shape = snn.Shape{H: 1, W: 3, C: 2}
	n.Layers[1].Neuron, n.Layers[1].Scale = nil, nil
	n.Layers[1].Op = snn.Dense{W: snn.Weights{Q: []int8{1, 10, -100, 3, 7, 127}, IntBias: []int32{-5}}}
	plan, err := runtime.Compile(n)
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
