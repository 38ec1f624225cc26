package fit

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"gonum.org/v1/gonum/mat"

	"ann2snn/internal/kernels/cpu"
)

// drawSymmetric returns products of random vectors with much in common.
func drawSymmetric(n, workers int) *symmetric {
	r := rand.New(rand.NewPCG(uint64(n), 4))
	p := &problem{observations: &observations{n: 2 * n, fitted: 2 * n, width: n + 1}, u: make([]float32, 2*n*(n+1)), set: cpu.Default(), workers: workers}
	for row := range p.n {
		common := r.NormFloat64()
		for i := range p.u[row*p.width:][:n] {
			p.u[row*p.width+i] = float32(common + r.NormFloat64())
		}
	}
	return p.normal(0, n).inputs
}

// TestSymmetric solves equations of sizes on both sides of whole blocks, and inverts the
// factor, as gonum does in float64.
func TestSymmetric(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 2, 61, factorSide, factorSide + 1, 2*factorSide - 1, 300, 420} {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			t.Parallel()
			const outs = factorColumns + 3
			s, diagonal := drawSymmetric(n, 2), 0.01*float64(2*n)
			whole := mat.NewSymDense(n, nil)
			for i := range n {
				for j := i; j < n; j++ {
					whole.SetSym(i, j, s.at(i, j))
				}
				whole.SetSym(i, i, whole.At(i, i)+diagonal)
			}
			var chol mat.Cholesky
			if !chol.Factorize(whole) || !s.factorise(1) || !s.factorise(diagonal) {
				t.Fatal("no factor")
			}
			r := rand.New(rand.NewPCG(5, 5))
			right, b := mat.NewDense(n, outs, nil), make([]float32, n*outs)
			for i := range b {
				b[i] = float32(r.NormFloat64())
				right.Set(i/outs, i%outs, float64(b[i]))
			}
			var want mat.Dense
			if err := chol.SolveTo(&want, right); err != nil {
				t.Fatal(err)
			}
			if s.solve(b, outs); missOf(b, want.RawMatrix().Data) > 1e-4 {
				t.Errorf("the solution differs by %v", missOf(b, want.RawMatrix().Data))
			}
			inverse := make([]float32, n*n)
			s.inverse(func(first, w int, columns []float32) {
				for i := first; i < n; i++ {
					copy(inverse[i*n+first:][:w], columns[(i-first)*w:])
				}
			})
			var lower mat.TriDense
			chol.LTo(&lower)
			if err := lower.InverseTri(&lower); err != nil {
				t.Fatal(err)
			}
			dense := mat.DenseCopyOf(&lower)
			if miss := missOf(inverse, dense.RawMatrix().Data); miss > 1e-5 {
				t.Errorf("the inverse of the factor differs by %v", miss)
			}
		})
	}
}

// TestSymmetricDoesNotDependOnWorkers compares one worker with three.
func TestSymmetricDoesNotDependOnWorkers(t *testing.T) {
	t.Parallel()
	const n, outs = 500, 130
	var solutions [2][]float32
	for i, workers := range []int{1, 3} {
		s, b := drawSymmetric(n, workers), make([]float32, n*outs)
		for k := range b {
			b[k] = float32(k % 11)
		}
		if !s.factorise(1) {
			t.Fatal("no factor")
		}
		s.solve(b, outs)
		solutions[i] = b
	}
	if !slices.Equal(solutions[0], solutions[1]) {
		t.Error("three workers find another solution than one")
	}
}

// TestNotDefinite: what is no sum of squares has no factor, in whichever block that shows.
func TestNotDefinite(t *testing.T) {
	t.Parallel()
	s := drawSymmetric(300, 2)
	for _, at := range []int{0, 200, 299} {
		before := s.a[at*s.n+at]
		s.a[at*s.n+at] = -1
		if s.factorise(0.5) {
			t.Errorf("element %d on the diagonal is negative, and there is a factor", at)
		}
		s.a[at*s.n+at] = before
	}
	if !s.factorise(0.5) {
		t.Error("no factor")
	}
}

// BenchmarkFactorise is that of the widest layers of usual networks.
func BenchmarkFactorise(b *testing.B) {
	const n, outs = 4608, 512
	s := newSymmetric(cpu.Default(), make([]float32, n*n), n, 2)
	r := rand.New(rand.NewPCG(1, 1))
	for i := range n {
		for j := i; j < n; j++ {
			s.a[i*n+j] = float32(r.NormFloat64())
		}
		s.a[i*n+i] += n
	}
	right := make([]float32, n*outs)
	b.Run("factor", func(b *testing.B) {
		for b.Loop() {
			if !s.factorise(1) {
				b.Fatal("no factor")
			}
		}
	})
	b.Run("solve", func(b *testing.B) {
		for b.Loop() {
			s.solve(right, outs)
		}
	})
	b.Run("inverse", func(b *testing.B) {
		for b.Loop() {
			s.inverse(func(int, int, []float32) {})
		}
	})
}
