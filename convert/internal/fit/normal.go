package fit

import (
	"ann2snn/internal/kernels/f32"
	"ann2snn/internal/par"
)

// normal is the normal equations of some inputs and of one more that is always 1. That one
// is eliminated: equations of what inputs have beyond their means are better to solve in
// float32.
type normal struct {
	inputs *symmetric // products of inputs, without what the input that is always 1 makes up for
	sums   []float64  // of the inputs
	count  float64    // of rows, and the penalty of the bias
	square float64    // the mean over all inputs of the sum of their squares
}

// normal returns the normal equations of inputs from up to, not including, to, in the fitted
// rows.
func (p *problem) normal(from, to int) *normal {
	n := to - from
	e := &normal{
		inputs: newSymmetric(p.set, make([]float32, n*n), n, p.workers),
		sums:   make([]float64, n), count: float64(p.fitted) * (1 + biasPenalty),
	}
	panels := (n + gramPanel - 1) / gramPanel
	par.For(panels, p.workers, func(_, panel int) {
		i := panel * gramPanel
		sums := e.sums[i:min(n, i+gramPanel)]
		for row := range p.fitted {
			addTo(sums, p.u[row*p.width+from+i:])
		}
	})
	diagonal := make([]float64, n)
	scratch := make([]products, max(p.workers, par.Workers()))
	par.For(panels, p.workers, func(worker, panel int) {
		i := panel * gramPanel
		height, w := min(gramPanel, n-i), n-i
		columns := f32.Matrix{Data: p.u[from+i:], Rows: p.fitted, Cols: w, Row: p.width, Col: 1}
		rows := columns
		rows.Cols = height
		sum := scratch[worker].of(p.set, rows.T(), columns)
		for k := range height {
			mean, to := e.sums[i+k]/e.count, e.inputs.a[(i+k)*n+i:][:w]
			diagonal[i+k] = sum[k*w+k]
			for j := k; j < w; j++ {
				to[j] = float32(sum[k*w+j] - mean*e.sums[i+j])
			}
		}
	})
	e.square = float64(p.fitted)
	for _, x := range diagonal {
		e.square += x
	}
	e.square /= float64(n + 1)
	return e
}

// part returns the normal equations of some of the inputs.
func (e *normal) part(p *problem, from, to int) *normal {
	n := to - from
	part := &normal{inputs: newSymmetric(p.set, make([]float32, n*n), n, p.workers), sums: e.sums[from:to], count: e.count}
	part.square = e.count / (1 + biasPenalty)
	for i := range n {
		copy(part.inputs.a[i*n+i:], e.inputs.a[(from+i)*e.inputs.n+from+i:][:n-i])
		part.square += part.squareOf(i)
	}
	part.square /= float64(n + 1)
	return part
}

// squareOf returns the sum of the squares of an input.
func (e *normal) squareOf(i int) float64 { return e.inputs.at(i, i) + e.sums[i]*e.sums[i]/e.count }

// solve returns the weights, with biases in the last row, of right sides: products of the inputs
// with residuals, and the sums of these in the last row.
func (e *normal) solve(right []float64, outs int) []float32 {
	n := e.inputs.n
	w, last := make([]float32, (n+1)*outs), right[n*outs:]
	for i := range n {
		mean := e.sums[i] / e.count
		for o := range outs {
			w[i*outs+o] = float32(right[i*outs+o] - mean*last[o])
		}
	}
	e.inputs.solve(w[:n*outs], outs)
	bias := make([]float64, outs)
	copy(bias, last)
	for i, sum := range e.sums {
		for o, x := range w[i*outs:][:outs] {
			bias[o] -= sum * float64(x)
		}
	}
	for o, x := range bias {
		w[n*outs+o] = float32(x / e.count)
	}
	return w
}
