package fit

import (
	"context"
	"fmt"
	"slices"

	"ann2snn/calibrate"
	"ann2snn/convert/internal/fill"
	"ann2snn/convert/internal/plan"
	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/par"
	"ann2snn/snn"
)

// widestFit is the largest number of inputs of a neuron that is fitted, unless the rows that
// it is fitted on are fewer: a fit takes time as the third power of the smaller number.
const widestFit = 6 << 10

// mostWeights is how many weights of neurons that share their inputs are fitted: a fit holds
// several copies.
const mostWeights = 32 << 20

// fitWeights fits the weights of l to what is observed of it, which it returns. Where a fit
// is no better than the trained weights, on samples held back from it, these stay.
func (r *run) fitWeights(ctx context.Context, l *plan.Layer) (*observations, error) {
	op, _ := l.Op.(plan.Weighted)
	fan, groups := op.Fan(l)
	if min(fan, r.perSample(l)*r.fitted) > widestFit {
		r.note(l, fmt.Sprintf("not fitted: a neuron has %d inputs, more than %d", fan, widestFit))
		return nil, nil
	}
	if n := l.Shape.C / groups * fan; n > mostWeights {
		r.note(l, fmt.Sprintf("not fitted: %d weights are more than %d", n, mostWeights))
		return nil, nil
	}
	goal, term := r.goalOf(l)
	seen, err := r.observeWeighted(ctx, l, goal, term)
	if err != nil {
		return nil, err
	}
	f, bias := op.Trained(l)
	fit := &fill.Fitted{F: f, Bias: make([]float32, l.Shape.C)}
	copy(fit.Bias, bias)
	if r.Net.Integer {
		fit.Rounders = make([]fill.Rounder, groups)
	}
	outs := l.Shape.C / groups
	dropped := make([]error, groups)
	err = par.ForErr(ctx, groups, r.options.Workers, func(_, g int) error {
		p := &problem{
			observations: seen, u: seen.inputs[g], first: g * outs, outs: outs, channels: l.Shape.C,
			independent: calibrate.Observations(seen.fitted, r.fitted), rectified: goal.Rectifies(), workers: r.options.Workers, set: r.set,
			f: fit.F[g*outs*fan:][:outs*fan], bias: fit.Bias[g*outs:][:outs],
		}
		rounders, err := p.solve(ctx, r.InputValues(l, g))
		if err != nil && rounders == nil {
			return err
		}
		dropped[g] = err
		if r.Net.Integer {
			fit.Rounders[g] = rounders
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	r.Replace(l, fit)
	dropped = slices.DeleteFunc(dropped, func(err error) bool { return err == nil })
	switch kept := len(dropped); kept {
	case 0:
	case groups:
		r.note(l, dropped[0].Error())
	default:
		r.note(l, fmt.Sprintf("in %d of %d groups of channels %v", kept, groups, dropped[0]))
	}
	return seen, nil
}

// preActivations returns the pre-activations that the currents of built layer l make,
// n x channels.
func (s *observations) preActivations(b *fill.Builder, l *plan.Layer, set *cpu.Set) []float32 {
	if s.inputs == nil {
		return slices.Clone(s.others)
	}
	built := &b.Net.Layers[l.Index]
	groups, channels := len(s.inputs), l.Shape.C
	outs, fan := channels/groups, s.width-1
	out := make([]float32, s.n*channels)
	for g, u := range s.inputs {
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
