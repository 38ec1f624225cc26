package f32

import (
	"math"
	"testing"

	"ann2snn/internal/kernels/cpu"
)

// TestProducts: the kernels in assembly round a product and its sum once, those in Go, on every
// processor, both. (1+2^-12)^2 is 1 + 2^-11 + 2^-24: less 1 + 2^-11, the last bit is left by a
// single rounding alone.
func TestProducts(t *testing.T) {
	const x, c, once = float32(1 + 0x1p-12), float32(-1 - 0x1p-11), float32(0x1p-24)
	for _, set := range cpu.Sets() {
		want := float32(0)
		if kernelsOf(set).needs != plain.needs {
			want = once
		}
		// A product of matrices whose inner dimension has c first.
		const n = 24
		a, b := make([]float32, 2*n), make([]float32, 2*n)
		for i := range n {
			a[2*i], a[2*i+1] = c, x
			b[i], b[n+i] = 1, x
		}
		out := make([]float32, n*n)
		NewGemm(set).Mul(RowMajor(out, n), RowMajor(a, 2), RowMajor(b, n), false)
		for i, got := range out {
			if math.Float32bits(got) != math.Float32bits(want) {
				t.Fatalf("%s: element %d is %g, want %g", set.Name, i, got, want)
			}
		}
	}
}
