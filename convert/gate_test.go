package convert

import (
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"ann2snn/snn"
)

// TestGateFit: what currents lack, where it is a weighted mean of the layer before, is
// found, added or multiplied, and noise is not.
func TestGateFit(t *testing.T) {
	const samples, channels, places = 400, 3, 16
	r := rand.New(rand.NewPCG(1, 0))
	op := &gate{pool: &layer{shape: snn.Shape{H: 1, W: 1, C: channels}}}
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
		g.n = places
		noise := newGateRows(samples, channels, channels)
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
		weights, gain := g.fit(op, gateTaps, sums, 1)
		if gain < 0.99 {
			t.Errorf("multiplies: %v: gain %.3f of all there is", multiplies, gain)
		}
		for k, want := range []float64{0.5, -1, 2, 0.25} {
			if got := weights[1][k]; math.Abs(got-want) > 0.1 {
				t.Errorf("multiplies: %v: weight %d is %.3f, want %.3f", multiplies, k, got, want)
			}
		}
		if _, gain := noise.fit(op, gateTaps, others, 1); gain > 0.02 {
			t.Errorf("multiplies: %v: noise is fitted by %.3f", multiplies, gain)
		}
	}
}

const gated = `
input %x float32[1,2,6,6]
const %w1 float32[4,2,3,3] = {0.3, -0.2, 0.1, 0.4, 0.5, -0.1, 0.2, 0.3, -0.4, 0.1, 0.2, 0.3, -0.3, 0.2, 0.4, 0.1, 0.1, -0.2, 0.2, 0.2, -0.5, 0.3, 0.1, 0.4, 0.2, -0.1, 0.3, 0.5, 0.2, -0.2, 0.1, 0.3, 0.2, 0.1, -0.3, 0.4, 0.2, -0.4, 0.3, 0.3, 0.1, 0.2, 0.4, -0.1, 0.3, 0.2, 0.2, 0.1, -0.2, 0.4, 0.3, 0.1, 0.2, 0.5, 0.1, 0.3, -0.2, 0.2, 0.1, 0.4, -0.3, 0.2, 0.3, 0.2, 0.1, 0.3, -0.1, 0.2, 0.4, 0.2, 0.1, 0.3}
const %w2 float32[4,4,1,1] = {0.5, -0.3, 0.2, 0.4, -0.2, 0.6, 0.3, 0.1, 0.3, 0.2, 0.5, -0.4, 0.1, 0.4, -0.3, 0.6}
const %w3 float32[4,4,1,1] = {0.4, 0.2, -0.3, 0.5, 0.3, 0.5, 0.2, -0.2, -0.4, 0.3, 0.6, 0.1, 0.2, -0.1, 0.4, 0.5}
%c1 = Conv(%x, %w1) "conv1" {pads=[1,1,1,1]}
%r1 = Relu(%c1) "relu1"
%c2 = Conv(%r1, %w2) "conv2"
%r2 = Relu(%c2) "relu2"
%c3 = Conv(%r2, %w3) "conv3"
%s = Add(%c3, %r1) "add"
%r3 = Relu(%s) "relu3"
%y = GlobalAveragePool(%r3) "pool"
output %y`

// TestGatePlan: gates stand at the sums that neurons read, new ones where there were none,
// and leave no trace where they bring nothing.
func TestGatePlan(t *testing.T) {
	g := parsed(t, gated)
	pl, err := completePlan(g)
	if err != nil {
		t.Fatal(err)
	}
	plain := describe(pl)
	pl.addGates()
	gates := 0
	for i, l := range pl.layers {
		if l.index != i {
			t.Errorf("layer %d has index %d", i, l.index)
		}
		if l.gate == nil {
			continue
		}
		gates++
		if last := l.in[len(l.in)-1]; l.neuron == nil || last.in[0] != l.gate || last.shape != l.shape {
			t.Errorf("%q does not add its gate", l.name)
		}
		l.closeGate()
	}
	if gates != 2 {
		t.Errorf("%d gates in\n%s", gates, describe(pl))
	}
	pl.dropUnread()
	if got := describe(pl); len(pl.layers) != 7 { // the new sum stays
		t.Errorf("closed gates leave\n%sof\n%s", got, plain)
	}
}

// TestGate: networks with gates are valid, and no worse than without, in all modes and both
// arithmetics.
func TestGate(t *testing.T) {
	g := parsed(t, gated)
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
	g := parsed(t, gated)
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
