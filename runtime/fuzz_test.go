package runtime_test

import (
	"bytes"
	"hash/fnv"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/snntest"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// FuzzEngines runs every file that is accepted on both engines: their answers after each step
// and what they count have to be the same. Checksums are repaired, which mutations break.
func FuzzEngines(f *testing.F) {
	networks := rapid.Custom(func(t *rapid.T) *snn.Network {
		spec := snntest.DrawSpec(t)
		spec.Integer = true
		return snntest.Network(t, spec)
	})
	for seed := range 40 {
		n := networks.Example(seed)
		if !snntest.Runs(n) {
			continue
		}
		r := rand.New(rand.NewPCG(uint64(seed), 1))
		var b bytes.Buffer
		if err := snn.Encode(&b, snntest.Mutate(n, 10, r.IntN)); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	sets := cpu.Sets()
	f.Fuzz(func(t *testing.T, b []byte) {
		n, err := snn.Decode(snntest.Repaired(b))
		if err != nil || !n.Integer || !snntest.Runs(n) {
			return
		}
		h := fnv.New64a()
		h.Write(b)
		r := rand.New(rand.NewPCG(h.Sum64(), 0))
		for range 2 {
			sample := make([]float32, n.Layers[0].Shape.Len())
			for i := range sample {
				sample[i] = float32(r.NormFloat64()) * n.Layers[0].LevelValueAt(0) * 20
			}
			compareEngines(t, n, sample, runtime.SessionOptions{Threads: r.IntN(3), Stats: r.IntN(2) == 0},
				runtime.UseKernels(sets[r.IntN(len(sets))].Name),
				runtime.UseSparse([]runtime.Choice{runtime.Always, runtime.Never}[r.IntN(2)]),
				runtime.UseWinograd([]runtime.Choice{runtime.Always, runtime.Never}[r.IntN(2)]))
		}
	})
}
