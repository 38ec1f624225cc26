package fit

import (
	"gonum.org/v1/gonum/mat"
)

// solver solves the ridge regression for the distance to the trained weights.
type solver interface {
	// distance returns the change of the weights, width x outs, that makes up for residuals of
	// the fitted rows, fitted x outs, at a penalty. It reports whether it can be trusted.
	distance(penalty float64, residuals []float32) (*mat.Dense, bool)
}

// newSolver returns the solver whose matrix is smaller: that of the inputs, or that of the rows
// where these are fewer.
func (p *problem) newSolver() solver {
	if p.fitted < p.width {
		return p.newDual()
	}
	return &primal{p: p, gram: p.gram(0, p.fitted)}
}

// primal solves the normal equations of the inputs.
type primal struct {
	p    *problem
	gram []float64 // width x width

	penalty float64 // of chol; 0: none yet
	chol    mat.Cholesky
	trusted bool
}

func (s *primal) distance(penalty float64, residuals []float32) (*mat.Dense, bool) {
	if penalty != s.penalty {
		n := s.p.normal(s.gram, penalty)
		s.penalty, s.trusted = penalty, s.chol.Factorize(n) && s.chol.Cond() < worstCond
	}
	if !s.trusted {
		return nil, false
	}
	w := new(mat.Dense)
	if s.chol.SolveTo(w, s.p.cross(residuals, s.p.fitted)) != nil {
		return nil, false
	}
	return w, true
}

// dual solves the same regression by the Gram matrix of the rows. With inputs U, residuals R
// and the diagonal matrix P of penalties, the distance (U'U + P)^-1 U'R is
// P^-1 U' (U P^-1 U' + 1)^-1 R.
type dual struct {
	p    *problem
	gram *mat.SymDense // of the rows, without the input that is always 1
	mean float64       // square of an input, as in problem.normal
}

func (p *problem) newDual() *dual {
	n, last := p.fitted, p.width-1
	d := &dual{p: p, gram: mat.NewSymDense(n, nil)}
	// Products of rows are products of columns of the transposed inputs.
	turned := make([]float32, last*n)
	for row := range n {
		for i, x := range p.u[row*p.width:][:last] {
			turned[i*n+row] = x
		}
	}
	sum := make([]float64, n*n)
	product32(p.set, sum, turned, turned, n, n, 0, last, p.workers, true)
	for i := range n {
		for j := i; j < n; j++ {
			d.gram.SetSym(i, j, sum[i*n+j])
		}
		d.mean += sum[i*n+i] + 1
	}
	d.mean /= float64(p.width)
	return d
}

func (d *dual) distance(penalty float64, residuals []float32) (*mat.Dense, bool) {
	p, n := d.p, d.p.fitted
	inputs, bias := penalty*d.mean, biasPenalty*float64(n)
	k := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			k.SetSym(i, j, d.gram.At(i, j)/inputs+1/bias)
		}
		k.SetSym(i, i, k.At(i, i)+1)
	}
	right := mat.NewDense(n, p.outs, nil)
	for i, x := range residuals[:n*p.outs] {
		right.Set(i/p.outs, i%p.outs, float64(x))
	}
	var chol mat.Cholesky
	var alpha mat.Dense
	if !(inputs > 0) || !chol.Factorize(k) || !(chol.Cond() < worstCond) || chol.SolveTo(&alpha, right) != nil {
		return nil, false
	}
	narrow := make([]float32, n*p.outs)
	for i := range narrow {
		narrow[i] = float32(alpha.At(i/p.outs, i%p.outs))
	}
	w := p.cross(narrow, n)
	for i := range p.width - 1 {
		for o := range p.outs {
			w.Set(i, o, w.At(i, o)/inputs)
		}
	}
	for o := range p.outs { // what is left of the sum is small against its terms
		w.Set(p.width-1, o, mat.Sum(alpha.ColView(o))/bias)
	}
	return w, true
}

// change returns weights with a distance added to them.
func change(w, distance *mat.Dense) *mat.Dense {
	distance.Add(distance, w)
	return distance
}
