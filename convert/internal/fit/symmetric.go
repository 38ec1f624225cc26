package fit

import (
	"math"

	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/kernels/f32"
	"ann2snn/internal/par"
)

// How a factor is cut into pieces.
const (
	factorSide    = 128 // rows and columns of a block
	factorRows    = 96  // below a block on the diagonal that a worker computes at a time
	factorColumns = 64  // of right sides that a worker solves for at a time
)

// symmetric is a symmetric matrix and the Cholesky factor of what becomes of it where
// something is added. Blocks on the diagonal are factorised in float64, all else is products in
// float32: that is as if the matrix were a little different, by about 1e-6 of its mean
// element. A penalty on the diagonal is far above that.
type symmetric struct {
	n       int
	set     *cpu.Set
	workers int
	gemms   []*f32.Gemm // by worker
	// n x n: on and above the diagonal the matrix, below it the factor, but for the blocks
	// on the diagonal.
	a        []float32
	inverses [][]float32 // of the factor's blocks on the diagonal
}

// newSymmetric returns a matrix of n x n in memory of as many elements.
func newSymmetric(set *cpu.Set, memory []float32, n, workers int) *symmetric {
	s := &symmetric{n: n, set: set, workers: workers, a: memory[:n*n], gemms: make([]*f32.Gemm, max(workers, par.Workers()))}
	for i := range s.gemms {
		s.gemms[i] = f32.NewGemm(set)
	}
	return s
}

// at returns an element of the matrix.
func (s *symmetric) at(i, j int) float64 { return float64(s.a[min(i, j)*s.n+max(i, j)]) }

// factorise factorises the matrix with something added to its diagonal. It reports whether the
// sum is positive definite; otherwise there is no factor.
func (s *symmetric) factorise(diagonal float64) bool {
	s.inverses = s.inverses[:0]
	minus := make([]float32, factorSide*s.n)
	for from := 0; from < s.n; from += factorSide {
		m := min(factorSide, s.n-from)
		done := f32.RowMajor(minus[:from*m], m) // the factor's rows before the block, negative and transposed
		for i := range m {
			for k, x := range s.a[(from+i)*s.n:][:from] {
				minus[k*m+i] = -x
			}
		}
		block := make([]float32, m*m)
		s.under(block, from, from, m, m, done, s.gemms[0])
		if !invertFactor(block, m, diagonal) {
			return false
		}
		s.inverses = append(s.inverses, block)
		s.below(from, m, done)
	}
	return true
}

// under sets dst to what the factor's rows from row on are to have in a block of columns,
// times that block on the diagonal: h x m elements.
func (s *symmetric) under(dst []float32, row, from, h, m int, done f32.Matrix, gemm *f32.Gemm) {
	for j := range m {
		column := s.a[(from+j)*s.n+row:][:h]
		if row == from { // only from the diagonal on
			for i := j; i < h; i++ {
				dst[i*m+j] = column[i]
			}
			continue
		}
		for i, x := range column {
			dst[i*m+j] = x
		}
	}
	if from > 0 {
		gemm.Mul(f32.RowMajor(dst, m), s.rows(row, h, 0, from), done, true)
	}
}

// rows is a part of the factor: rows and columns from row and column on.
func (s *symmetric) rows(row, h, column, w int) f32.Matrix {
	return f32.Matrix{Data: s.a[row*s.n+column:], Rows: h, Cols: w, Row: s.n, Col: 1}
}

// below computes the factor below a block on the diagonal.
func (s *symmetric) below(from, m int, done f32.Matrix) {
	inverse, turned := s.inverses[from/factorSide], make([]float32, m*m)
	for i := range m {
		for j := range i + 1 {
			turned[j*m+i] = inverse[i*m+j]
		}
	}
	first := from + m
	par.For((s.n-first+factorRows-1)/factorRows, s.workers, func(worker, i int) {
		row := first + i*factorRows
		h := min(factorRows, s.n-row)
		part := make([]float32, h*m)
		s.under(part, row, from, h, m, done, s.gemms[worker])
		s.gemms[worker].Mul(s.rows(row, h, from, m), f32.RowMajor(part, m), f32.RowMajor(turned, m), false)
	})
}

// invertFactor replaces the lower half of a symmetric matrix, of n x n and with something added
// to its diagonal, by the inverse of its Cholesky factor. It reports whether there is one.
func invertFactor(block []float32, n int, diagonal float64) bool {
	l := make([]float64, n*n)
	for i := range n {
		for j := range i + 1 {
			sum := float64(block[i*n+j])
			if i == j {
				sum += diagonal
			}
			for k, x := range l[j*n:][:j] {
				sum -= x * l[i*n+k]
			}
			if i != j {
				l[i*n+j] = sum / l[j*n+j]
				continue
			}
			if !(sum > 0) || math.IsInf(sum, 0) {
				return false
			}
			l[i*n+i] = math.Sqrt(sum)
		}
	}
	clear(block)
	column := make([]float64, n)
	for j := range n {
		for i := j; i < n; i++ {
			sum := 0.0
			if i == j {
				sum = 1
			}
			for k := j; k < i; k++ {
				sum -= l[i*n+k] * column[k]
			}
			column[i] = sum / l[i*n+i]
			block[i*n+j] = float32(column[i])
		}
	}
	return true
}

// solve replaces right sides, n x columns, by the solutions of the factorised equations.
func (s *symmetric) solve(b []float32, columns int) {
	par.For((columns+factorColumns-1)/factorColumns, s.workers, func(worker, i int) {
		from := i * factorColumns
		w := min(factorColumns, columns-from)
		z := make([]float32, s.n*w) // the negative of what is known
		for row := range s.n {
			for k, x := range b[row*columns+from:][:w] {
				z[row*w+k] = -x
			}
		}
		s.forward(z, w, 0, s.gemms[worker])
		s.backward(z, w, s.gemms[worker])
		for row := range s.n {
			for k, x := range z[row*w:][:w] {
				b[row*columns+from+k] = -x
			}
		}
	})
}

// forward multiplies z, n x w, by the inverse of the factor. Its rows before first, where a
// block begins, are 0.
func (s *symmetric) forward(z []float32, w, first int, gemm *f32.Gemm) {
	t := make([]float32, factorSide*w)
	for from := first; from < s.n; from += factorSide {
		m := min(factorSide, s.n-from)
		part, now := t[:m*w], z[from*w:][:m*w]
		for i, x := range now {
			part[i] = -x
		}
		if from > first {
			gemm.Mul(f32.RowMajor(part, w), s.rows(from, m, first, from-first), f32.RowMajor(z[first*w:from*w], w), true)
		}
		gemm.Mul(f32.RowMajor(now, w), f32.RowMajor(s.inverses[from/factorSide], m), f32.RowMajor(part, w), false)
		negate(now)
	}
}

// backward multiplies z, n x w, by the inverse of the transposed factor.
func (s *symmetric) backward(z []float32, w int, gemm *f32.Gemm) {
	t := make([]float32, factorSide*w)
	for from := (s.n - 1) / factorSide * factorSide; from >= 0; from -= factorSide {
		m := min(factorSide, s.n-from)
		part, now, behind := t[:m*w], z[from*w:][:m*w], from+m
		for i, x := range now {
			part[i] = -x
		}
		if behind < s.n {
			gemm.Mul(f32.RowMajor(part, w), s.rows(behind, s.n-behind, from, m).T(), f32.RowMajor(z[behind*w:], w), true)
		}
		gemm.Mul(f32.RowMajor(now, w), f32.RowMajor(s.inverses[from/factorSide], m).T(), f32.RowMajor(part, w), false)
		negate(now)
	}
}

func negate(x []float32) {
	for i := range x {
		x[i] = -x[i]
	}
}

// inverse shows visit the inverse of the factor by runs of columns: the rows from first, which
// is the first of these columns, on, each of w elements. Calls overlap.
func (s *symmetric) inverse(visit func(first, w int, columns []float32)) {
	par.For((s.n+factorSide-1)/factorSide, s.workers, func(worker, i int) {
		first := i * factorSide
		w := min(factorSide, s.n-first)
		z := make([]float32, s.n*w)
		for k := range w {
			z[(first+k)*w+k] = -1
		}
		s.forward(z, w, first, s.gemms[worker])
		negate(z[first*w:])
		visit(first, w, z[first*w:])
	})
}
