package fit

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// silentProblem has neurons that are silent in most rows, and then far below zero, which
// no weights reproduce; the trained ones, a little off, are nearly right above zero.
// Currents have a gain and something added to them.
func silentProblem(t *testing.T, workers int) *problem {
	t.Helper()
	const n, width, outs = 4000, 13, 3
	p := drawProblem(t, n, width, workers)
	p.n, p.fitted, p.outs, p.channels, p.first, p.rectified = n, n-n/8, outs, outs+1, 1, true
	p.want, p.others = make([]float32, n*p.channels), make([]float32, n*p.channels)
	p.gain = []float32{1, 2, 0.5, 1}
	p.f, p.bias = make([]float32, outs*(width-1)), make([]float32, outs)
	r := rand.New(rand.NewPCG(3, 4))
	right := make([]float32, width*outs)
	for o := range outs {
		for i := range width - 1 {
			x := r.NormFloat64() / 4
			right[i*outs+o] = float32(x)
			p.f[o*(width-1)+i] = float32(x + 0.02*r.NormFloat64())
		}
		right[(width-1)*outs+o] = -1
		p.bias[o] = -1
	}
	for row := range n {
		p.u[row*width+width-1] = 1
	}
	for i, current := range p.currents(right, 0, n) {
		row, channel := i/outs, p.first+i%outs
		p.others[row*p.channels+channel] = float32(r.NormFloat64() / 10)
		z := p.preActivation(row, channel, current)
		if z < 0 {
			z = -5 + 20*z*z
			z = min(z, -0.1)
		}
		p.want[row*p.channels+channel] = z
	}
	return p
}

// outputs returns the means of the outputs that neurons have and should have.
func (p *problem) outputs(w []float32, end int) (got, want float64) {
	for i, current := range p.currents(w, 0, end) {
		row, channel := i/p.outs, p.first+i%p.outs
		got += float64(max(p.preActivation(row, channel, current), 0))
		want += float64(max(p.want[row*p.channels+channel], 0))
	}
	return got / float64(end*p.outs), want / float64(end*p.outs)
}

// onesFor are level values of 1 for the inputs of a problem.
func onesFor(p *problem) []float32 { return slices.Repeat([]float32{1}, p.width-1) }

// TestRectify fits neurons for which the fit of pre-activations is worse than none.
func TestRectify(t *testing.T) {
	t.Parallel()
	p := silentProblem(t, 1)
	part := p.fitted
	trained, s := p.matrix(), p.newSolver()
	before := p.loss(trained, part)
	linear, ok := p.linear(trained, s)(1e-3)
	if !ok || p.loss(linear, part) < before {
		t.Fatal("the fit of pre-activations helps; this is no example")
	}
	w, ok := p.rectify(trained, s)(1e-3)
	if !ok {
		t.Fatal("no solution")
	}
	if loss := p.loss(w, part); loss > before/2 {
		t.Errorf("loss %.3g, trained weights have %.3g", loss, before)
	}
	if got, want := p.outputs(w, part); math.Abs(got-want) > 1e-3*want {
		t.Errorf("the mean output is %v, want %v", got, want)
	}
	if _, err := p.solve(context.Background(), onesFor(p)); err != nil {
		t.Errorf("the fit is dropped: %v", err)
	}
	if got := p.loss(p.matrix(), part); got > before/2 {
		t.Errorf("solve leaves a loss of %.3g, trained weights have %.3g", got, before)
	}
}

// TestRectifyDoesNotDependOnWorkers compares one worker with three, and with the neurons
// that may be negative, where trained weights have to stay.
func TestRectifyDoesNotDependOnWorkers(t *testing.T) {
	t.Parallel()
	one, three := silentProblem(t, 1), silentProblem(t, 3)
	if _, err := one.solve(context.Background(), onesFor(one)); err != nil {
		t.Fatal(err)
	}
	if _, err := three.solve(context.Background(), onesFor(three)); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(one.matrix(), three.matrix()) {
		t.Error("three workers find other weights than one")
	}
	linear := silentProblem(t, 1)
	linear.rectified = false
	trained := linear.matrix()
	if _, err := linear.solve(context.Background(), onesFor(linear)); errors.Is(err, errNoBetter) != slices.Equal(trained, linear.matrix()) {
		t.Errorf("error %v does not tell whether weights have changed", err)
	}
}

// TestSolveStops: a regression that is stopped leaves the weights and has nothing
// that rounds.
func TestSolveStops(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p := silentProblem(t, 1)
	trained := p.matrix()
	n, err := p.solve(ctx, onesFor(p))
	if n != nil || !errors.Is(err, context.Canceled) || !slices.Equal(trained, p.matrix()) {
		t.Errorf("rounders %v, error %v", n, err)
	}
}
