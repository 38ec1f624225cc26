package fit

import (
	"context"
	"errors"

	"ann2snn/internal/kernels/cpu"
)

// penalties are the candidates for the weight of the distance to the trained weights, against
// the mean square of an input.
var penalties = []float64{1e-3, 1e-2, 1e-1, 1, 10}

// Constants of the regression.
const (
	roundingPenalty = 1e-2 // the least penalty of the normal equations that rounding is fed back by
	biasPenalty     = 1e-6 // of the bias, against 1
)

// problem is the regression of the neurons of a group on the inputs that they share.
type problem struct {
	*observations
	u           []float32 // the inputs: n x width
	first       int       // the group's first channel
	outs        int       // its channels
	channels    int       // of the layer
	independent float64   // observations that the fitted rows come to
	rectified   bool
	workers     int
	set         *cpu.Set
	f, bias     []float32 // the weights, outs x width-1, and biases
}

var errNoBetter = errors.New("trained weights kept: a fit is no better on samples held back from it")

// solve replaces the weights by fitted ones and returns what rounds them. Where the fit is not
// worth it, the weights stay, and the error says why. Without rounders the error is that of
// the context.
func (p *problem) solve(ctx context.Context, scales []float32) (blocks, error) {
	trained, solver := p.matrix(), p.newSolver()
	best := p.choose(ctx, penalties, p.linear(trained, solver), trained)
	if best == nil && p.rectified {
		best = p.choose(ctx, rectifyPenalties, p.rectify(trained, solver), trained)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	rounders := p.rounders(solver, scales)
	if best == nil {
		return rounders, errNoBetter
	}
	p.store(best)
	return rounders, nil
}

// roundingPenalty grows where observations are few against the inputs of a neuron: errors of
// rounding would be hidden where these few samples do not show them, but others do.
func (p *problem) roundingPenalty() float64 {
	return roundingPenalty * max(1, 4*float64(p.width)/max(1, p.independent))
}

// regression returns weights, width x outs, near the trained ones, at a penalty. It reports
// whether they can be trusted.
type regression func(penalty float64) ([]float32, bool)

// choose returns the weights of the penalty with which fit does best on the rows of the
// samples held back, or nil where the trained weights do better. It ends early where the
// context has ended.
func (p *problem) choose(ctx context.Context, penalties []float64, fit regression, trained []float32) []float32 {
	var best []float32
	least := p.loss(trained, p.fitted)
	for _, penalty := range penalties {
		if ctx.Err() != nil {
			break
		}
		w, ok := fit(penalty)
		if !ok {
			continue
		}
		if loss := p.loss(w, p.fitted); loss < least {
			best, least = w, loss
		}
	}
	return best
}

// linear fits pre-activations in the fitted rows.
func (p *problem) linear(trained []float32, s solver) regression {
	right := s.against(p.residuals(trained, p.fitted))
	return func(penalty float64) ([]float32, bool) {
		w, ok := s.distance(penalty, right)
		if !ok {
			return nil, false
		}
		return change(trained, w), true
	}
}

// matrix returns the weights and biases as a matrix of width x outs.
func (p *problem) matrix() []float32 {
	fan := p.width - 1
	w := make([]float32, p.width*p.outs)
	for o := range p.outs {
		for i, x := range p.f[o*fan:][:fan] {
			w[i*p.outs+o] = x
		}
		w[fan*p.outs+o] = p.bias[o]
	}
	return w
}

// store is the reverse of matrix.
func (p *problem) store(w []float32) {
	fan := p.width - 1
	for o := range p.outs {
		for i := range fan {
			p.f[o*fan+i] = w[i*p.outs+o]
		}
		p.bias[o] = w[fan*p.outs+o]
	}
}

// residuals returns the targets minus the currents of weights w in the rows before end,
// end x outs.
func (p *problem) residuals(w []float32, end int) []float32 {
	residuals := p.currents(w, 0, end)
	for i := range residuals {
		channel := p.first + i%p.outs
		gain := p.gainOf(channel)
		if gain == 0 {
			residuals[i] = 0
			continue
		}
		row := i / p.outs
		residuals[i] = (p.want[row*p.channels+channel] - p.preActivation(row, channel, residuals[i])) / gain
	}
	return residuals
}

// loss returns the squared error of the output, behind the activation, in the rows from from on.
func (p *problem) loss(w []float32, from int) float64 {
	sum := 0.0
	for i, current := range p.currents(w, from, p.n) {
		row, channel := from+i/p.outs, p.first+i%p.outs
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

// preActivation returns the pre-activation that a current makes in a row, with the other
// terms of the sum.
func (p *problem) preActivation(row, channel int, current float32) float32 {
	x := current * p.gainOf(channel)
	if p.others != nil {
		x += p.others[row*p.channels+channel]
	}
	return x
}
