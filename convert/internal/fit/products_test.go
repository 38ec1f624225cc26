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
	p := &problem{observations: &observations{width: width}, set: set, u: make([]float32, n*width), workers: workers}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range p.u {
		p.u[i] = float32(r.NormFloat64())
	}
	return p
}

// TestGram compares with the definition, and one worker with three.
func TestGram(t *testing.T) {
	t.Parallel()
	const rows = gramRows + 300
	for _, width := range []int{1, 17, 130, 300} {
		one, three := drawProblem(t, rows, width, 1), drawProblem(t, rows, width, 3)
		got := one.gram(3, rows)
		if !slices.Equal(got, three.gram(3, rows)) {
			t.Errorf("width %d: three workers give other sums than one", width)
		}
		for i := range width {
			for j := i; j < width; j++ {
				var sum, size float64
				for row := 3; row < rows; row++ {
					x := float64(one.u[row*width+i]) * float64(one.u[row*width+j])
					sum, size = sum+x, size+math.Abs(x)
				}
				if math.Abs(got[i*width+j]-sum) > 1e-5*size {
					t.Fatalf("width %d: element %d, %d is %v, want %v", width, i, j, got[i*width+j], sum)
				}
			}
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
				p.gram(0, rows)
				d := time.Since(start)
				f32.Peak()
				best, bestPeak = min(best, d), min(bestPeak, time.Since(start)-d)
			}
			b.ReportMetric(ops/best.Seconds()/1e9, "GFLOP/s")
			b.ReportMetric(100*ops/best.Seconds()/(peakOps/bestPeak.Seconds()), "%peak")
		})
	}
}

// TestProduct32: the products are those of the definition.
func TestProduct32(t *testing.T) {
	t.Parallel()
	set := cpu.Default()
	rapid.Check(t, func(t *rapid.T) {
		n, aw, bw := rapid.IntRange(1, 600).Draw(t, "rows"), rapid.IntRange(1, 300).Draw(t, "width"), rapid.IntRange(1, 9).Draw(t, "outs")
		from := rapid.IntRange(0, n).Draw(t, "from")
		to := rapid.IntRange(from, n).Draw(t, "to")
		random := rand.New(rand.NewPCG(uint64(n), uint64(aw)))
		a, b := make([]float32, n*aw), make([]float32, n*bw)
		for _, v := range [][]float32{a, b} {
			for i := range v {
				v[i] = float32(random.IntN(9) - 4)
			}
		}
		sum := make([]float64, aw*bw)
		product32(set, sum, a, b, aw, bw, from, to, 2, false)
		square := make([]float64, aw*aw)
		product32(set, square, a, a, aw, aw, from, to, 2, true)
		check := func(got []float64, i, j, width int, other []float32) {
			want := 0.0
			for r := from; r < to; r++ {
				want += float64(a[r*aw+i]) * float64(other[r*width+j])
			}
			if got[i*width+j] != want {
				t.Fatalf("element %d, %d: %v, want %v", i, j, got[i*width+j], want)
			}
		}
		for i := range aw {
			check(sum, i, random.IntN(bw), bw, b)
			check(square, i, i+random.IntN(aw-i), aw, a)
		}
	})
}
