package convert

import (
	"context"
	"errors"
	"testing"

	"ann2snn/convert/internal/nettest"
)

// TestLowerStops: a conversion ends with its context, before it begins and in the middle of
// every fit.
func TestLowerStops(t *testing.T) {
	t.Parallel()
	g := nettest.Parse(t, nettest.Small)
	p := profileOf(t, g, 20)
	for _, fit := range []Fit{FitNone, FitBias, FitRidge} {
		o := options(4)
		o.Fit, o.Source, o.Weights = fit, nettest.NoiseFor(g, 20), Int8
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, _, err := Lower(ctx, g, p, o); !errors.Is(err, context.Canceled) {
			t.Errorf("%v: error %v before the start", fit, err)
		}
		if fit == FitNone {
			continue
		}
		total := 0
		o.Progress = func(_, n int) { total = n }
		if _, _, err := Lower(t.Context(), g, p, o); err != nil {
			t.Fatal(err)
		}
		for _, stop := range []int{1, total / 2, total - 1} {
			ctx, cancel := context.WithCancel(t.Context())
			o.Progress = func(done, _ int) {
				if done == stop {
					cancel()
				}
			}
			if _, _, err := Lower(ctx, g, p, o); !errors.Is(err, context.Canceled) {
				t.Errorf("%v: error %v after %d of %d parts", fit, err, stop, total)
			}
			cancel()
		}
	}
}
