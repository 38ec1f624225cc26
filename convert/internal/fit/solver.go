package fit

import (
	"ann2snn/internal/kernels/f32"
	"ann2snn/internal/par"
)

// solver solves the ridge regression for the distance to the trained weights.
type solver interface {
	// against returns the right sides for residuals of the fitted rows, fitted x outs.
	against(residuals []float32) rightSides
	// distance returns the change of the weights, width x outs, that makes up for residuals at a
	// penalty. It reports whether there is one.
	distance(penalty float64, r rightSides) ([]float32, bool)
}

// rightSides are what a solver needs of residuals.
type rightSides struct {
	cross []float64 // products of inputs with residuals, width x outs
	rows  []float32 // the residuals
}

// newSolver returns the solver whose matrix is smaller: that of the inputs, or that of the rows
// where these are fewer.
func (p *problem) newSolver() solver {
	if p.fitted < p.width {
		return p.newDual()
	}
	return p.newPrimal()
}

// primal solves the normal equations of the inputs.
type primal struct {
	p      *problem
	normal *normal

	penalty float64 // of the factor; 0: none yet
	trusted bool
}

func (p *problem) newPrimal() *primal {
	return &primal{p: p, normal: p.normal(0, p.width-1)}
}

func (s *primal) against(residuals []float32) rightSides {
	return rightSides{cross: s.p.cross(residuals)}
}

func (s *primal) distance(penalty float64, r rightSides) ([]float32, bool) {
	if penalty != s.penalty {
		s.penalty, s.trusted = penalty, s.normal.inputs.factorise(penalty*s.normal.square)
	}
	if !s.trusted {
		return nil, false
	}
	return s.normal.solve(r.cross, s.p.outs), true
}

// dual solves the same regression by the Gram matrix of the rows. With inputs U, residuals R
// and the diagonal matrix P of penalties, the distance (U'U + P)^-1 U'R is
// P^-1 U' (U P^-1 U' + 1)^-1 R.
type dual struct {
	p      *problem
	rows   *symmetric // products of rows, without the input that is always 1
	square float64    // as in normal
}

func (p *problem) newDual() *dual {
	n, last := p.fitted, p.width-1
	d := &dual{p: p, rows: newSymmetric(p.set, make([]float32, n*n), n, p.workers)}
	scratch := make([]products, max(p.workers, par.Workers()))
	par.For((n+gramPanel-1)/gramPanel, p.workers, func(worker, panel int) {
		i := panel * gramPanel
		height, w := min(gramPanel, n-i), n-i
		all := f32.Matrix{Data: p.u[i*p.width:], Rows: w, Cols: last, Row: p.width, Col: 1}
		left := all
		left.Rows = height
		sum := scratch[worker].of(p.set, left, all.T())
		for k := range height {
			for j := k; j < w; j++ {
				d.rows.a[(i+k)*n+i+j] = float32(sum[k*w+j])
			}
		}
	})
	for i := range n {
		d.square += d.rows.at(i, i) + 1
	}
	d.square /= float64(p.width)
	return d
}

func (d *dual) against(residuals []float32) rightSides { return rightSides{rows: residuals} }

// distance solves without the input that is always 1, and once more for that input alone: the
// bias is what of both makes the sum of the rows' shares fit to its penalty.
func (d *dual) distance(penalty float64, r rightSides) ([]float32, bool) {
	p, n := d.p, d.p.fitted
	inputs, bias := penalty*d.square, biasPenalty*float64(n)
	if !(inputs > 0) || !d.rows.factorise(inputs) {
		return nil, false
	}
	columns := p.outs + 1
	solved := make([]float32, n*columns)
	for row := range n {
		copy(solved[row*columns:], r.rows[row*p.outs:][:p.outs])
		solved[row*columns+p.outs] = 1
	}
	d.rows.solve(solved, columns)
	biases := make([]float64, columns)
	for row := range n {
		addTo(biases, solved[row*columns:])
	}
	for o := range p.outs {
		biases[o] /= bias/inputs + biases[p.outs]
	}
	shares := make([]float32, n*p.outs)
	for row := range n {
		from := solved[row*columns:][:columns]
		for o, x := range from[:p.outs] {
			shares[row*p.outs+o] = float32(float64(x) - float64(from[p.outs])*biases[o])
		}
	}
	w := narrow(p.cross(shares))
	copy(w[(p.width-1)*p.outs:], narrow(biases[:p.outs]))
	return w, true
}

// change adds weights to a distance from them, and returns it.
func change(w, distance []float32) []float32 {
	for i, x := range w {
		distance[i] += x
	}
	return distance
}
