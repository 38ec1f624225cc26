package fit

import (
	"gonum.org/v1/gonum/mat"

	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/kernels/f32"
	"ann2snn/internal/par"
)

// Products are summed in float32 over gramRows rows at most, then in float64.
const (
	gramRows  = 1024
	gramPanel = 192 // rows of a result that a worker computes at a time
)

// product32 adds a'b, of the rows from up to, not including, to, to sum, which has a row
// for each column of a. a and b have aw and bw columns; upper leaves out what lies below
// the diagonal, by whole panels. The result does not depend on the number of workers.
func product32(set *cpu.Set, sum []float64, a, b []float32, aw, bw, from, to, workers int, upper bool) {
	panels := (aw + gramPanel - 1) / gramPanel
	par.For(panels, workers, func(_, panel int) {
		i := panel * gramPanel
		height, first := min(gramPanel, aw-i), 0
		if upper {
			first = i
		}
		gemm := f32.NewGemm(set)
		block := make([]float32, height*(bw-first))
		c := f32.RowMajor(block, bw-first)
		for row := from; row < to; row += gramRows {
			n := min(gramRows, to-row)
			left := f32.Matrix{Data: a[row*aw+i:], Rows: height, Cols: n, Row: 1, Col: aw}
			right := f32.Matrix{Data: b[row*bw+first:], Rows: n, Cols: bw - first, Row: bw, Col: 1}
			gemm.Mul(c, left, right, false)
			for k := range height {
				addTo(sum[(i+k)*bw+first:][:bw-first], block[k*(bw-first):])
			}
		}
	})
}

// addTo adds as many elements of x to sum as it has.
func addTo(sum []float64, x []float32) {
	x = x[:len(sum)]
	for i := range sum {
		sum[i] += float64(x[i])
	}
}

// gram returns the upper half of the Gram matrix of the inputs, width x width, over rows.
func (p *problem) gram(from, to int) []float64 {
	sum := make([]float64, p.width*p.width)
	product32(p.set, sum, p.u, p.u, p.width, p.width, from, to, p.workers, true)
	return sum
}

// cross returns the product of the inputs of the rows before end, transposed, with e.
func (p *problem) cross(e []float32, end int) *mat.Dense {
	sum := make([]float64, p.width*p.outs)
	product32(p.set, sum, p.u, e, p.width, p.outs, 0, end, p.workers, false)
	return mat.NewDense(p.width, p.outs, sum)
}

// currents returns the product of the inputs of some rows with weights, rows x outs.
func (p *problem) currents(w *mat.Dense, from, to int) []float32 {
	narrow := make([]float32, p.width*p.outs)
	for i := range narrow {
		narrow[i] = float32(w.At(i/p.outs, i%p.outs))
	}
	return multiplyRows(p.set, p.u[from*p.width:to*p.width], narrow, p.width, p.outs, p.workers)
}

// multiplyRows multiplies rows of width elements with a matrix of width x outs.
func multiplyRows(set *cpu.Set, u, w []float32, width, outs, workers int) []float32 {
	const block = 512
	n := len(u) / width
	out := make([]float32, n*outs)
	par.For((n+block-1)/block, workers, func(_, i int) {
		from, to := i*block, min(n, (i+1)*block)
		gemm := f32.NewGemm(set)
		gemm.Mul(f32.RowMajor(out[from*outs:to*outs], outs), f32.RowMajor(u[from*width:to*width], width), f32.RowMajor(w, outs), false)
	})
	return out
}
