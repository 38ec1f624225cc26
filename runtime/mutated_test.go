package runtime_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/snntest"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// TestMutatedNetworks: also networks that are merely valid, which no conversion would make,
// are answered by sessions without a trace as by the specification, in every way to compute.
func TestMutatedNetworks(t *testing.T) {
	sets := cpu.Sets()
	rapid.Check(t, func(t *rapid.T) {
		spec := snntest.DrawSpec(t)
		spec.Integer = true
		n := snntest.Network(t, spec)
		if !snntest.Runs(n) {
			t.Skip("it is too large")
		}
		seed := rapid.Uint64().Draw(t, "seed")
		for variant := range uint64(10) {
			r := rand.New(rand.NewPCG(seed, variant))
			mutated := snntest.Mutate(n, 1+r.IntN(12), r.IntN)
			sample := make([]float32, mutated.Layers[0].Shape.Len())
			for i := range sample {
				sample[i] = float32(r.IntN(65)-32) / 16
			}
			compareEngines(t, mutated, sample, runtime.SessionOptions{Threads: r.IntN(3), Stats: r.IntN(2) == 0},
				runtime.UseKernels(sets[r.IntN(len(sets))].Name),
				runtime.UseSparse([]runtime.Choice{runtime.Always, runtime.Never}[r.IntN(2)]),
				runtime.UseWinograd([]runtime.Choice{runtime.Always, runtime.Never}[r.IntN(2)]))
		}
	})
}

// compareEngines compares the engines on a network and a sample.
func compareEngines(t fataler, n *snn.Network, sample []float32, o runtime.SessionOptions, ways ...runtime.Option) {
	plan, err := runtime.Compile(context.Background(), n, ways...)
	if err != nil {
		t.Fatal(err)
	}
	s := plan.NewSession(o)
	defer s.Close()
	compareSessions(t, n, s, plan.NewSession(runtime.SessionOptions{Stats: o.Stats, Trace: true}), sample)
}
