package fit

import (
	"context"
	"math"
	"slices"

	"ann2snn/convert/internal/plan"
	"ann2snn/ir"
	"ann2snn/snn"
)

// fitsThresholds reports whether the thresholds of l can be chosen for the currents that it has: that
// takes a method that fits, and an activation that only limits its input.
func (r *run) fitsThresholds(l *plan.Layer) bool {
	if r.Options.Analog() || !r.Options.Method.Fits() || l.Current == ir.None {
		return false
	}
	_, _, ok := l.Neuron.Act.Limits()
	return ok
}

// fitThresholds chooses the thresholds of l for the currents that its neurons have and the
// outputs that they are to have, and builds the layer with them. Where they are no better on
// the samples held back, those of the calibration stay.
func (r *run) fitThresholds(ctx context.Context, l *plan.Layer, seen *observations) error {
	got := seen.preActivations(r.Builder, l, r.set)
	low, high, _ := l.Neuron.Act.Limits()
	want := make([]float32, len(seen.want))
	for i := range got {
		got[i], want[i] = max(low, min(got[i], high)), max(low, min(seen.want[i], high))
	}
	rows := seen.fitted * l.Shape.C
	choice, err := r.Options.Method.Fit(ctx, r.Grid(l), got[:rows], want[:rows], l.Shape.C, r.fitted, r.Options.PerChannel, r.options.Workers)
	if err != nil {
		return err
	}
	choice.Threshold = plan.Repeat(choice.Threshold, l.Shape.C)
	before := r.Choices[l.Index].Threshold
	if g := r.Grid(l); g.Loss(choice.Threshold, got[rows:], want[rows:]) >= g.Loss(before, got[rows:], want[rows:]) {
		return nil
	}
	choice.Dead = r.Choices[l.Index].Dead
	r.Choices[l.Index] = choice
	return r.Layer(l)
}

// thresholdFactors are the factors of thresholds that retune tries. The first wins where
// there is no difference.
var thresholdFactors = []float32{1, 0.8, 0.9, 1.12, 1.25}

// retuneLeast is how many held-back samples retune needs; fewer tell too little.
const retuneLeast = 16

// retunes reports whether retune is worth while: without refinement the outputs of neurons
// depend on when their currents arrive. Other methods than that of the least error want
// other thresholds.
func (r *run) retunes() bool {
	if r.Options.Steps == 1 || r.Options.Method.Name != "mse" || len(r.samples)-r.fitted < retuneLeast {
		return false
	}
	return r.Options.Restim == snn.RestimNone || r.Options.Restim == snn.RestimSigned
}

// retune tries larger and smaller thresholds than fitThresholds chose, which takes currents
// to be the same in every step. It keeps for each channel the threshold with which its real
// spikes come nearest to the wanted output.
func (r *run) retune(ctx context.Context, l *plan.Layer, seen *observations) error {
	tuned := r.Choices[l.Index].Threshold
	best := slices.Clone(tuned)
	least := slices.Repeat([]float64{math.Inf(1)}, len(best))
	for _, factor := range thresholdFactors {
		tried := slices.Clone(tuned)
		for c := range tried {
			tried[c] *= factor
		}
		r.Choices[l.Index].Threshold = tried
		if err := r.Layer(l); err != nil {
			return err
		}
		losses, err := r.spikeLosses(ctx, l, seen)
		if err != nil {
			return err
		}
		for c, loss := range losses {
			if loss < least[c] {
				least[c], best[c] = loss, tried[c]
			}
		}
	}
	r.Choices[l.Index].Threshold = best
	return r.Layer(l)
}

// spikeLosses returns the squared errors, per channel, of the outputs of the neurons of
// built layer l on the samples held back. Channels that share a threshold share the error.
func (r *run) spikeLosses(ctx context.Context, l *plan.Layer, seen *observations) ([]float64, error) {
	channels, per := l.Shape.C, r.perSample(l)
	losses := make([]float64, (len(r.samples)-r.fitted)*channels)
	low, high, _ := l.Neuron.Act.Limits()
	err := r.observe(ctx, r.fitted, l, nil, []*plan.Layer{l}, func(s shown) {
		got := s.rows[0]
		for i, x := range seen.want[s.sample*per*channels:][:len(got)] {
			d := float64(got[i] - max(low, min(x, high)))
			losses[(s.sample-r.fitted)*channels+i%channels] += d * d
		}
	})
	sums := make([]float64, channels)
	for i, loss := range losses {
		sums[i%channels] += loss
	}
	if !r.Options.PerChannel {
		all := 0.0
		for _, loss := range sums {
			all += loss
		}
		sums = slices.Repeat([]float64{all}, channels)
	}
	return sums, err
}
