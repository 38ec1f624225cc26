package fit

import (
	"context"
	"testing"

	"ann2snn/convert/internal/nettest"
	"ann2snn/convert/internal/plan"
	"ann2snn/snn"
)

// TestRetune: thresholds chosen by real spikes err no more, in any channel, than those
// chosen for even currents, and some err less.
func TestRetune(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := nettest.Parse(t, nettest.Small)
	before, after := 0.0, 0.0
	for i := range 4 {
		bits, restim := 1+i/2, []snn.Restim{snn.RestimNone, snn.RestimSigned}[i%2]
		o := ridgeSetup(g, bits, 160)
		o.Restim, o.Steps = restim, 6
		r := startedRidge(t, g, 40, &o)
		for _, l := range r.Plan.Layers {
			if l.Name != "bottleneck" {
				if err := r.fitLayer(ctx, l); err != nil {
					t.Fatal(err)
				}
				continue
			}
			tuned, retuned := retuneLosses(t, r, l)
			for c := range tuned {
				if retuned[c] > tuned[c] {
					t.Errorf("%d bits, mode %d, channel %d: error %v, before %v", bits, restim, c, retuned[c], tuned[c])
				}
				before, after = before+tuned[c], after+retuned[c]
			}
		}
	}
	if !(after < before) {
		t.Errorf("error %v, before %v", after, before)
	}
}

// retuneLosses fits l, with thresholds for even currents and then for real spikes, and
// returns the errors of both.
func retuneLosses(t *testing.T, r *run, l *plan.Layer) (tuned, retuned []float64) {
	t.Helper()
	ctx := context.Background()
	seen, err := r.fitWeights(ctx, l)
	if err == nil {
		err = r.Layer(l)
	}
	if err == nil {
		err = r.fitThresholds(ctx, l, seen)
	}
	if err == nil {
		tuned, err = r.spikeLosses(ctx, l, seen)
	}
	if err == nil {
		err = r.retune(ctx, l, seen)
	}
	if err == nil {
		retuned, err = r.spikeLosses(ctx, l, seen)
	}
	if err != nil {
		t.Fatal(err)
	}
	return tuned, retuned
}
