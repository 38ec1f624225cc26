package convert

import (
	"context"
	"math"
	"slices"

	"ann2snn/snn"
)

// stretches are the factors of thresholds that retune tries.
var stretches = []float32{1, 0.8, 0.9, 1.12, 1.25} // the first wins where it makes no difference

// Bounds of what retune looks at.
const (
	retunePart  = 8  // one of so many samples
	retuneLeast = 16 // samples; fewer tell too little
)

// retunes reports whether retune is worth while: what neurons put out depends on when their
// currents arrive, and refinement does not correct that. Other methods than that of the
// least error want other thresholds.
func (r *ridge) retunes() bool {
	if r.options.Steps == 1 || r.options.Method.Name != "mse" || len(r.samples) < retunePart*retuneLeast {
		return false
	}
	return r.options.Restim == snn.RestimNone || r.options.Restim == snn.RestimSigned
}

// retune tries larger and smaller thresholds than tune chose, which takes currents for
// even, and keeps for each channel those with which its real spikes come nearest to what
// it is to put out.
func (r *ridge) retune(ctx context.Context, l *layer, seen *rows) error {
	tuned := r.choices[l.index].Threshold
	best := slices.Clone(tuned)
	least := slices.Repeat([]float64{math.Inf(1)}, len(best))
	for _, factor := range stretches {
		tried := slices.Clone(tuned)
		for c := range tried {
			tried[c] *= factor
		}
		r.choices[l.index].Threshold = tried
		if err := r.builder.layer(l); err != nil {
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
	r.choices[l.index].Threshold = best
	return r.builder.layer(l)
}

// spikeLosses are the squared errors, per channel, of what the neurons of built layer l
// put out in the rows of some samples. Channels that share a threshold share the error.
func (r *ridge) spikeLosses(ctx context.Context, l *layer, seen *rows) ([]float64, error) {
	n := len(r.samples) / retunePart
	channels, pixels, per := l.shape.C, l.shape.H*l.shape.W, r.perSample(l)
	losses := make([]float64, n*channels)
	low, high, _ := l.neuron.act.Limits()
	err := r.run(ctx, n, []*layer{l}, func(sample int, values [][]float32) {
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
	if !r.options.PerChannel {
		all := 0.0
		for _, loss := range sums {
			all += loss
		}
		sums = slices.Repeat([]float64{all}, channels)
	}
	return sums, err
}
