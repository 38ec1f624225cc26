package fit

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gonum.org/v1/gonum/mat"

	"ann2snn/convert/internal/fill"
	"ann2snn/convert/internal/plan"
	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/par"
	"ann2snn/snn"
)

// ridgeWeights are the candidates for the weight of the distance to the trained weights,
// against the mean square of an input.
var ridgeWeights = []float64{1e-3, 1e-2, 1e-1, 1, 10}

// Constants of the regression.
const (
	roundingWeight = 1e-2 // the same where rounding is fed back
	ridgeBias      = 1e-6 // the same for the bias, against 1
	heldBack       = 8    // one part of so many of the samples judges the fit
	worstCond      = 1e13 // condition number above which a solution is not trusted
)

// fitWeights fits the weights of l to the rows it sees, which it returns. A fit that is no
// better than the trained weights, on samples held back from it, is dropped.
func (r *ridge) fitWeights(ctx context.Context, l *plan.Layer) (*rows, error) {
	op, _ := l.Op.(plan.Weighted)
	f, bias, groups := op.Trained(l)
	fan := len(f) / l.Shape.C
	if fan > widestFit {
		r.note(l, fmt.Sprintf("not fitted: a neuron has %d inputs, more than %d", fan, widestFit))
		return nil, nil
	}
	goal, term := r.goal(l)
	seen, err := r.weightRows(ctx, l, goal, term)
	if err != nil {
		return nil, err
	}
	fit := &fill.Fitted{F: slices.Clone(f), Bias: plan.Repeat(bias, l.Shape.C)}
	if bias == nil {
		clear(fit.Bias)
	}
	if r.Net.Integer {
		fit.Rounders = make([]fill.Rounder, groups)
	}
	outs := l.Shape.C / groups
	dropped := make([]error, groups)
	par.For(groups, r.options.Workers, func(_, g int) {
		p := &problem{
			rows: seen, u: seen.u[g], from: g * outs, outs: outs, channels: l.Shape.C,
			rectified: goal.Rectifies(), workers: r.options.Workers, set: r.set,
			f: fit.F[g*outs*fan:][:outs*fan], bias: fit.Bias[g*outs:][:outs],
		}
		var all *mat.SymDense
		all, dropped[g] = p.solve()
		if r.Net.Integer {
			if feedback := newFeedback(all, r.InputValues(l, g)); feedback != nil {
				fit.Rounders[g] = feedback
			}
		}
	})
	r.Replace(l, fit)
	if err := errors.Join(dropped...); err != nil {
		r.note(l, err.Error())
	}
	return seen, nil
}

// problem is the regression of the neurons of a group on the inputs that they share.
type problem struct {
	*rows
	u         []float32
	from      int // the group's first channel
	outs      int // its channels
	channels  int // of the layer
	rectified bool
	workers   int
	set       *cpu.Set
	f, bias   []float32 // the weights, outs x width-1, and biases
}

var (
	errSingular = errors.New("trained weights kept: the fit is singular")
	errNoBetter = errors.New("trained weights kept: the fit is no better on samples held back from it")
)

// solve replaces the weights by fitted ones and returns the normal equations. It keeps the
// weights, and says why, where the fit is not worth it.
func (p *problem) solve() (*mat.SymDense, error) {
	part := p.n - p.n/heldBack
	trained := p.matrix()
	gram, rest := p.gram(0, part), p.gram(part, p.n)
	fit := p.linear
	best := p.choose(ridgeWeights, fit(trained, part), gram, trained, part)
	if best == 0 && p.rectified {
		fit = p.rectify
		best = p.choose(rectifyWeights, fit(trained, part), gram, trained, part)
	}
	for i, x := range rest {
		gram[i] += x
	}
	if best == 0 {
		return p.normal(gram, roundingWeight), errNoBetter
	}
	all := p.normal(gram, best)
	w, ok := fit(trained, p.n)(all)
	if !ok {
		return all, errSingular
	}
	p.keep(w)
	return p.normal(gram, roundingWeight), nil
}

// regression solves normal equations for weights, width x outs, near the trained ones. It
// reports whether the solution can be trusted.
type regression func(n *mat.SymDense) (*mat.Dense, bool)

// choose is the candidate for the weight of the distance to the trained weights with which
// fit does best on the rows from from on, or 0 where the trained weights do better.
func (p *problem) choose(candidates []float64, fit regression, gram []float64, trained *mat.Dense, from int) float64 {
	best, least := 0.0, p.loss(trained, from)
	for _, weight := range candidates {
		w, ok := fit(p.normal(gram, weight))
		if !ok {
			continue
		}
		if loss := p.loss(w, from); loss < least {
			best, least = weight, loss
		}
	}
	return best
}

// linear fits pre-activations in the rows before end.
func (p *problem) linear(trained *mat.Dense, end int) regression {
	lack := p.cross(p.misses(trained, end), end)
	return func(n *mat.SymDense) (*mat.Dense, bool) { return p.regress(n, trained, lack) }
}

// matrix is the weights and biases as a matrix of width x outs.
func (p *problem) matrix() *mat.Dense {
	fan := p.width - 1
	w := mat.NewDense(p.width, p.outs, nil)
	for o := range p.outs {
		for i := range fan {
			w.Set(i, o, float64(p.f[o*fan+i]))
		}
		w.Set(fan, o, float64(p.bias[o]))
	}
	return w
}

// keep is the reverse of matrix.
func (p *problem) keep(w *mat.Dense) {
	fan := p.width - 1
	for o := range p.outs {
		for i := range fan {
			p.f[o*fan+i] = float32(w.At(i, o))
		}
		p.bias[o] = float32(w.At(fan, o))
	}
}

// normal returns the matrix of the normal equations: the Gram matrix of the inputs, and on
// its diagonal what holds a fit near the trained weights.
func (p *problem) normal(gram []float64, weight float64) *mat.SymDense {
	n := mat.NewSymDense(p.width, slices.Clone(gram))
	pull := weight * mat.Trace(n) / float64(p.width)
	last := p.width - 1 // the input that is always 1
	for i := range last {
		n.SetSym(i, i, n.At(i, i)+pull)
	}
	n.SetSym(last, last, n.At(last, last)*(1+ridgeBias))
	return n
}

// regress returns the weights of width x outs with the least squared error, and near the
// trained ones, from what these lack.
func (p *problem) regress(n *mat.SymDense, trained, lack *mat.Dense) (*mat.Dense, bool) {
	var chol mat.Cholesky
	if !chol.Factorize(n) || !(chol.Cond() < worstCond) {
		return nil, false
	}
	var w mat.Dense // first their distance from the trained ones
	if chol.SolveTo(&w, lack) != nil {
		return nil, false
	}
	w.Add(&w, trained)
	return &w, true
}

// misses is what the currents of the rows before end lack, end x outs.
func (p *problem) misses(w *mat.Dense, end int) []float32 {
	miss := p.currents(w, 0, end)
	for i := range miss {
		channel := p.from + i%p.outs
		gain := p.gainOf(channel)
		if gain == 0 {
			miss[i] = 0
			continue
		}
		row := i / p.outs
		miss[i] = (p.want[row*p.channels+channel] - p.preActivation(row, channel, miss[i])) / gain
	}
	return miss
}

// loss is the squared error, behind the activation, in the rows from from on.
func (p *problem) loss(w *mat.Dense, from int) float64 {
	sum := 0.0
	for i, current := range p.currents(w, from, p.n) {
		row, channel := from+i/p.outs, p.from+i%p.outs
		got, want := p.preActivation(row, channel, current), p.want[row*p.channels+channel]
		if p.rectified {
			got, want = max(got, 0), max(want, 0)
		}
		sum += float64(got-want) * float64(got-want)
	}
	return sum
}

func (p *problem) gainOf(channel int) float32 {
	if p.gain == nil {
		return 1
	}
	return p.gain[channel]
}

// preActivation is what a current comes to in a row, with all that is added to it.
func (p *problem) preActivation(row, channel int, current float32) float32 {
	x := current * p.gainOf(channel)
	if p.rest != nil {
		x += p.rest[row*p.channels+channel]
	}
	return x
}

// preActivations are what the currents of built layer l come to in the rows, n x channels.
func (s *rows) preActivations(b *fill.Builder, l *plan.Layer, set *cpu.Set) []float32 {
	if s.u == nil {
		return slices.Clone(s.rest)
	}
	built := &b.Net.Layers[l.Index]
	groups, channels := len(s.u), l.Shape.C
	outs, fan := channels/groups, s.width-1
	out := make([]float32, s.n*channels)
	for g, u := range s.u {
		w, scales := make([]float32, s.width*outs), b.InputValues(l, g)
		for o := range outs {
			f, bias := rowOf(built, g*outs+o, fan)
			for i, x := range f {
				w[i*outs+o] = x / scales[i]
			}
			w[fan*outs+o] = bias
		}
		for i, x := range multiplyRows(set, u, w, s.width, outs, b.Options.Workers) {
			out[i/outs*channels+g*outs+i%outs] = x
		}
	}
	return out
}

// rowOf returns the weights of a neuron, per level of its inputs, and its bias.
func rowOf(l *snn.Layer, channel, fan int) (f []float32, bias float32) {
	w, _ := l.Weights()
	if l.Unit == nil {
		return w.F[channel*fan:][:fan], w.Bias[channel]
	}
	f = make([]float32, fan)
	for i, q := range w.Q[channel*fan:][:fan] {
		f[i] = float32(q) * l.Unit[channel]
	}
	return f, float32(w.IntBias[channel]) * l.Unit[channel]
}
