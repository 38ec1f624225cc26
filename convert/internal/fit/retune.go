package fit

import (
	"context"
	"math"
	"slices"

	"ann2snn/convert/internal/plan"
	"ann2snn/snn"
)

// thresholdFactors are the factors of thresholds that retune tries.
var thresholdFactors = []float32{1, 0.8, 0.9, 1.12, 1.25} // the first wins where it makes no difference

// Bounds of what retune looks at.
const (
	retunePart  = 8  // one of so many samples
	retuneLeast = 16 // samples; fewer tell too little
)

// retunes reports whether retune is worth while: what neurons put out depends on when their
// currents arrive, and refinement does not correct that. Other methods than that of the
// least error want other thresholds.
func (r *ridge) retunes() bool {
	if r.Options.Steps == 1 || r.Options.Method.Name != "mse" || len(r.samples) < retunePart*retuneLeast {
		return false
	}
	return r.Options.Restim == snn.RestimNone || r.Options.Restim == snn.RestimSigned
}

// retune tries larger and smaller thresholds than tune chose, which takes currents for
// even, and keeps for each channel those with which its real spikes come nearest to what
// it is to put out.
func (r *ridge) retune(ctx context.Context, l *plan.Layer, seen *rows) error {
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

// spikeLosses are the squared errors, per channel, of what the neurons of built layer l
// put out in the rows of some samples. Channels that share a threshold share the error.
func (r *ridge) spikeLosses(ctx context.Context, l *plan.Layer, seen *rows) ([]float64, error) {
	n := len(r.samples) / retunePart
	channels, pixels, per := l.Shape.C, l.Shape.H*l.Shape.W, r.perSample(l)
	losses := make([]float64, n*channels)
	low, high, _ := l.Neuron.Act.Limits()
	err := r.run(ctx, n, []*plan.Layer{l}, func(sample int, values [][]float32) {
		for i, at := range r.places(l, sample) {
			want := seen.want[(sample*per+i)*channels:][:channels]
			for c, x := range want {
				d := float64(values[0][c*pixels+at] - max(low, min(x, high)))
				losses[sample*channels+c] += d * d
			}
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
