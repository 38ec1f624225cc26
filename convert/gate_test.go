package convert

import (
	"context"
	"strings"
	"testing"

	"ann2snn/convert/internal/nettest"
	"ann2snn/snn"
)

// TestGate: networks with gates are valid, and no worse than without, in all modes and both
// arithmetics.
func TestGate(t *testing.T) {
	t.Parallel()
	g := nettest.Parse(t, nettest.Gated)
	p := profileOf(t, g, 40)
	for _, weights := range []Weights{Float32, Int8} {
		for _, restim := range []snn.Restim{snn.RestimNone, snn.RestimWaiting} {
			o := ridgeOptions(g, 2, 200)
			o.Weights, o.Restim, o.Steps = weights, restim, 2
			plain, _ := lowered(t, g, p, o)
			o.Gate = true
			with, _ := lowered(t, g, p, o)
			before, after := outputError(t, g, plain, 400, 40), outputError(t, g, with, 400, 40)
			t.Logf("%v, mode %d: error %.3f, without gate %.3f, %d layers", weights, restim, after, before, len(with.Layers))
			if after > 1.1*before {
				t.Errorf("%v, mode %d: error %.3f, without gate %.3f", weights, restim, after, before)
			}
		}
	}
	o := ridgeOptions(g, 2, 20)
	o.Gate, o.Fit = true, FitNone
	if _, _, err := Lower(context.Background(), g, p, o); err == nil {
		t.Error("a gate without the ridge fit is not refused")
	}
}

// TestGatesLeftOut: layers of gates that bring nothing are gone, and the network runs.
func TestGatesLeftOut(t *testing.T) {
	t.Parallel()
	g := nettest.Parse(t, nettest.Gated)
	p := profileOf(t, g, 40)
	closed := 0
	for samples := 9; samples < 25; samples += 3 {
		o := ridgeOptions(g, 3, samples)
		o.Gate = true
		n, r := lowered(t, g, p, o)
		left := 0
		for _, note := range r.Warnings {
			if strings.Contains(note, "gate left out") {
				left++
			}
		}
		if len(n.Layers) != 13-3*left || len(r.Layers) != len(n.Layers) {
			t.Errorf("%d samples: %d layers, %d in the report, with %d of 2 gates left out", samples, len(n.Layers), len(r.Layers), left)
		}
		if e := outputError(t, g, n, 400, 10); e > 0.5 {
			t.Errorf("%d samples: error %.3f", samples, e)
		}
		closed += left
	}
	if closed == 0 {
		t.Error("no gate was left out")
	}
}
