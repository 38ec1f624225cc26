package u8

import (
	"math/rand/v2"
	"slices"
	"testing"

	"ann2snn/internal/kernels/cpu"
)

func TestTotals(t *testing.T) {
	for _, set := range cpu.Sets() {
		r, w := rand.New(rand.NewPCG(11, 12)), NewWorker(set)
		for range 200 {
			n, at, shift, offset := r.IntN(300), r.IntN(3), r.IntN(8), uint8(r.IntN(256))
			x, y := make([]uint8, at+n), make([]uint8, n)
			for i := range y {
				x[at+i], y[i] = uint8(r.IntN(256)), uint8(r.IntN(256))
			}
			totals, growth := slices.Clone(y), make([]uint8, n)
			w.Accumulate(totals, x[at:], shift, offset)
			w.Growth(growth, x[at:], y, shift, offset)
			for i := range y {
				doubled := int(y[i]) << shift
				if want := uint8(doubled + int(x[at+i]) + int(offset)); totals[i] != want {
					t.Fatalf("%s: %d of %d: total %d, want %d", set.Name, i, n, totals[i], want)
				}
				if want := uint8(int(x[at+i]) - doubled + int(offset)); growth[i] != want {
					t.Fatalf("%s: %d of %d: growth %d, want %d", set.Name, i, n, growth[i], want)
				}
			}
		}
	}
}
