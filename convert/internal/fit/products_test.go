package fit

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/kernels/f32"
)

// drawProblem has random inputs.
func drawProblem(tb testing.TB, n, width, workers int) *problem {
	tb.Helper()
	set := cpu.Default()
	p := &problem{observations: &observations{width: width, n: n, fitted: n}, set: set, u: make([]float32, n*width), workers: workers}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range p.u {
		p.u[i] = float32(r.NormFloat64())
	}
	return p
}

// TestNormal compares with the definition, and one worker with three.
func TestNormal(t *testing.T) {
	t.Parallel()
	const rows, from = gramRows + 300, 2
	for _, width := range []int{3, 17, 130, 300} {
		one, three := drawProblem(t, rows, width, 1), drawProblem(t, rows, width, 3)
		n := width - 1 - from
		got, other := one.normal(from, width-1), three.normal(from, width-1)
		if !slices.Equal(got.inputs.a, other.inputs.a) || !slices.Equal(got.sums, other.sums) || got.square != other.square {
			t.Errorf("width %d: three workers give other sums than one", width)
		}
		squares := float64(rows)
		for i := range n {
			for j := i; j < n; j++ {
				var sum, size float64
				for row := range rows {
					u := one.u[row*width+from:]
					x := float64(u[i]) * float64(u[j])
					sum, size = sum+x, size+math.Abs(x)
				}
				if i == j {
					squares += sum
				}
				if math.Abs(got.inputs.at(i, j)+got.sums[i]*got.sums[j]/got.count-sum) > 1e-5*size {
					t.Fatalf("width %d: element %d, %d is %v, want %v", width, i, j, got.inputs.at(i, j), sum)
				}
			}
		}
		if want := squares / float64(n+1); math.Abs(got.square/want-1) > 1e-6 {
			t.Errorf("width %d: mean square %v, want %v", width, got.square, want)
		}
	}
}

// BenchmarkGram reports the share of what the processor can do at most that the products
// of a fit reach, the best of each, measured in turn.
func BenchmarkGram(b *testing.B) {
	const rows = 2048
	for _, width := range []int{145, 289, 577, 1153} {
		b.Run(fmt.Sprintf("width=%d", width), func(b *testing.B) {
			p := drawProblem(b, rows, width, 1)
			ops := 0.0 // of whole panels on and above the diagonal
			for i := 0; i < width; i += gramPanel {
				ops += 2 * rows * float64(min(gramPanel, width-i)*(width-i))
			}
			best, bestPeak, peakOps := time.Hour, time.Hour, f32.Peak()
			for b.Loop() {
				start := time.Now()
				p.normal(0, width)
				d := time.Since(start)
				f32.Peak()
				best, bestPeak = min(best, d), min(bestPeak, time.Since(start)-d)
			}
			b.ReportMetric(ops/best.Seconds()/1e9, "GFLOP/s")
			b.ReportMetric(100*ops/best.Seconds()/(peakOps/bestPeak.Seconds()), "%peak")
		})
	}
}

// TestProducts: the products are those of the definition, however the terms are cut.
func TestProducts(t *testing.T) {
	t.Parallel()
	set := cpu.Default()
	rapid.Check(t, func(t *rapid.T) {
		n, aw, bw := rapid.IntRange(1, 3*gramRows).Draw(t, "rows"), rapid.IntRange(1, 300).Draw(t, "width"), rapid.IntRange(1, 9).Draw(t, "outs")
		random := rand.New(rand.NewPCG(uint64(n), uint64(aw)))
		a, b := make([]float32, n*aw), make([]float32, n*bw)
		for _, v := range [][]float32{a, b} {
			for i := range v {
				v[i] = float32(random.IntN(9) - 4)
			}
		}
		var m products
		for range 2 { // the second time in the memory of the first
			got := m.of(set, f32.RowMajor(a, aw).T(), f32.RowMajor(b, bw))
			for i := range aw {
				j, want := random.IntN(bw), 0.0
				for r := range n {
					want += float64(a[r*aw+i]) * float64(b[r*bw+j])
				}
				if got[i*bw+j] != want {
					t.Fatalf("element %d, %d: %v, want %v", i, j, got[i*bw+j], want)
				}
			}
		}
	})
}
