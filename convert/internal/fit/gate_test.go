package fit

import (
	"math"
	"math/rand/v2"
	"testing"

	"ann2snn/convert/internal/plan"
	"ann2snn/snn"
)

// TestGateFit: what currents lack, where it is a weighted mean of the layer before, is
// found, added or multiplied, and noise is not.
func TestGateFit(t *testing.T) {
	t.Parallel()
	const samples, channels, places = 400, 3, 16
	r := rand.New(rand.NewPCG(1, 0))
	op := &plan.Gate{Pool: &plan.Layer{Shape: snn.Shape{H: 1, W: 1, C: channels}}}
	truth := func(g *gateRows, s, c int) float64 { // taps read channels c-1, c and c+1
		x := 0.25
		for k, w := range []float64{0.5, -1, 2} {
			if from := c + k - 1; from >= 0 && from < channels {
				x += w * g.means[s*channels+from]
			}
		}
		return x
	}
	for _, multiplies := range []bool{false, true} {
		g := newGateRows(samples, channels, channels)
		g.fitted = samples - samples/8
		g.n = places
		noise := newGateRows(samples, channels, channels)
		noise.fitted = samples - samples/8
		noise.n = places
		for i := range g.means {
			g.means[i] = r.Float64()
			noise.means[i] = g.means[i]
		}
		for s := range samples {
			for c := range channels {
				for range places {
					z, missing := r.NormFloat64(), truth(g, s, c)
					if multiplies {
						missing *= z
					}
					g.add(s*channels+c, z, missing)
					noise.add(s*channels+c, z, r.NormFloat64())
				}
			}
		}
		sums, others := g.additive, noise.additive
		if multiplies {
			sums, others = g.multiplicative, noise.multiplicative
		}
		weights, gain := g.fit(op, plan.GateTaps, sums, 1)
		if gain < 0.99 {
			t.Errorf("multiplies: %v: gain %.3f of all there is", multiplies, gain)
		}
		for k, want := range []float64{0.5, -1, 2, 0.25} {
			if got := weights[1][k]; math.Abs(got-want) > 0.1 {
				t.Errorf("multiplies: %v: weight %d is %.3f, want %.3f", multiplies, k, got, want)
			}
		}
		if _, gain := noise.fit(op, plan.GateTaps, others, 1); gain > 0.02 {
			t.Errorf("multiplies: %v: noise is fitted by %.3f", multiplies, gain)
		}
	}
}
