package fit

import (
	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/kernels/f32"
	"ann2snn/internal/par"
)

// Products are summed in float32 over gramRows rows at most, then in float64.
const (
	gramRows  = 1024
	gramPanel = 192 // rows of a result that a worker computes at a time
)

// products multiplies matrices. It holds working memory: a goroutine needs its own.
type products struct {
	gemm  *f32.Gemm
	sum   []float64
	block []float32
}

// of returns ab, row by row. It is valid until the next call.
func (m *products) of(set *cpu.Set, a, b f32.Matrix) []float64 {
	if n := a.Rows * b.Cols; len(m.sum) < n {
		m.sum, m.block, m.gemm = make([]float64, n), make([]float32, n), f32.NewGemm(set)
	}
	sum, block := m.sum[:a.Rows*b.Cols], m.block[:a.Rows*b.Cols]
	clear(sum)
	for from := 0; from < a.Cols; from += gramRows {
		n := min(gramRows, a.Cols-from)
		left, right := a, b
		left.Data, left.Cols = a.Data[from*a.Col:], n
		right.Data, right.Rows = b.Data[from*b.Row:], n
		m.gemm.Mul(f32.RowMajor(block, b.Cols), left, right, false)
		addTo(sum, block)
	}
	return sum
}

// addTo adds as many elements of x to sum as it has.
func addTo(sum []float64, x []float32) {
	x = x[:len(sum)]
	for i := range sum {
		sum[i] += float64(x[i])
	}
}

// narrow returns x in float32.
func narrow(x []float64) []float32 {
	y := make([]float32, len(x))
	for i := range y {
		y[i] = float32(x[i])
	}
	return y
}

// cross returns the product of the inputs of the fitted rows, transposed, with e, which has
// outs columns: width x outs. It does not depend on the number of workers.
func (p *problem) cross(e []float32) []float64 {
	sum := make([]float64, p.width*p.outs)
	scratch := make([]products, max(p.workers, par.Workers()))
	right := f32.RowMajor(e[:p.fitted*p.outs], p.outs)
	par.For((p.width+gramPanel-1)/gramPanel, p.workers, func(worker, panel int) {
		i := panel * gramPanel
		left := f32.Matrix{Data: p.u[i:], Rows: min(gramPanel, p.width-i), Cols: p.fitted, Row: 1, Col: p.width}
		copy(sum[i*p.outs:], scratch[worker].of(p.set, left, right))
	})
	return sum
}

// currents returns the product of the inputs of some rows with weights, rows x outs.
func (p *problem) currents(w []float32, from, to int) []float32 {
	return multiplyRows(p.set, p.u[from*p.width:to*p.width], w, p.width, p.outs, p.workers)
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
