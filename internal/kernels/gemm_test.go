package kernels_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/internal/kernels"
)

// randomFloats returns n numbers of both signs, some of them zero.
func randomFloats(r *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = max(-1, r.Float32()*3-1.5)
	}
	return x
}

// naiveGemm is Gemm's definition, on B in row-major order.
func naiveGemm(c []float32, ldc int, a, b []float32, m, k, n int) {
	for i := range m {
		for j := range n {
			for p := range k {
				c[i*ldc+j] += a[i*k+p] * b[p*n+j]
			}
		}
	}
}

func pack(b []float32, k, n int) []float32 {
	panels := make([]float32, kernels.PanelsLen(k, n))
	kernels.PackPanels(panels, b, k, n, n, 1)
	return panels
}

func TestGemmIsItsDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, k, n := rapid.IntRange(0, 9).Draw(t, "m"), rapid.IntRange(0, 21).Draw(t, "k"), rapid.IntRange(0, 27).Draw(t, "n")
		ldc := n + rapid.IntRange(0, 3).Draw(t, "spare")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		a, b, want := randomFloats(r, m*k), randomFloats(r, k*n), randomFloats(r, m*ldc)
		got := slices.Clone(want)
		naiveGemm(want, ldc, a, b, m, k, n)
		kernels.Gemm(got, ldc, a, pack(b, k, n), m, k, n)
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

// TestGemmDoesNotDependOnTheDivision holds the promise that parts of C can be computed
// apart, whatever the parts are.
func TestGemmDoesNotDependOnTheDivision(t *testing.T) {
	const m, k, n = 7, 33, 29
	r := rand.New(rand.NewPCG(1, 2))
	a, b := randomFloats(r, m*k), randomFloats(r, k*n)
	whole := make([]float32, m*n)
	kernels.Gemm(whole, n, a, pack(b, k, n), m, k, n)
	for cut := 1; cut < n; cut++ {
		parts := make([]float32, m*n)
		for _, cols := range [][2]int{{0, cut}, {cut, n}} {
			width := cols[1] - cols[0]
			panels := make([]float32, kernels.PanelsLen(k, width))
			kernels.PackPanels(panels, b[cols[0]:], k, width, n, 1)
			for row := range m {
				kernels.Gemm(parts[row*n+cols[0]:], n, a[row*k:(row+1)*k], panels, 1, k, width)
			}
		}
		if !slices.Equal(parts, whole) {
			t.Fatalf("cut at column %d, row by row, gives other sums", cut)
		}
	}
}

func TestPackPanelsOfATransposedMatrix(t *testing.T) {
	const k, n = 3, 10
	r := rand.New(rand.NewPCG(3, 4))
	b := randomFloats(r, k*n)
	transposed := make([]float32, k*n)
	for p := range k {
		for j := range n {
			transposed[j*k+p] = b[p*n+j]
		}
	}
	got := make([]float32, kernels.PanelsLen(k, n))
	kernels.PackPanels(got, transposed, k, n, 1, k)
	if want := pack(b, k, n); !slices.Equal(got, want) {
		t.Fatalf("got %v, want %v", got, want)
	}
}

func BenchmarkGemm(b *testing.B) {
	for _, s := range []struct{ m, k, n int }{
		{16, 144, 1024}, {64, 576, 64}, {512, 4608, 49}, {256, 64, 3136}, {1, 4096, 4096}, {3, 5, 7},
	} {
		b.Run(fmt.Sprintf("m=%d/k=%d/n=%d", s.m, s.k, s.n), func(b *testing.B) {
			r := rand.New(rand.NewPCG(5, 6))
			a, c := randomFloats(r, s.m*s.k), make([]float32, s.m*s.n)
			panels := pack(randomFloats(r, s.k*s.n), s.k, s.n)
			for b.Loop() {
				kernels.Gemm(c, s.n, a, panels, s.m, s.k, s.n)
			}
			flops := 2 * float64(s.m) * float64(s.k) * float64(s.n) * float64(b.N)
			b.ReportMetric(flops/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
		})
	}
}
