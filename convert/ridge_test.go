package convert

import (
	"bytes"
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/convert/internal/nettest"
	"ann2snn/ir"
	"ann2snn/snn"
)

// ridgeOptions are those of options, with weights fitted on noise.
func ridgeOptions(g *ir.Graph, bits, samples int) Options {
	o := options(bits)
	o.Weights, o.Fit, o.Source, o.FitSamples = Int8, FitRidge, nettest.NoiseFor(g, samples), samples
	return o
}

// TestRidgeOfAnalogNeurons: where the spiking network computes what the trained one does
// there is nothing to fit.
func TestRidgeOfAnalogNeurons(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := nettest.Draw(t, false)
		if _, err := complete(context.Background(), g, 0); err != nil {
			t.Skip("cannot be converted")
		}
		plain, _, err := Lower(context.Background(), g, nil, Options{Steps: 1})
		if err != nil {
			t.Skip("nothing spikes")
		}
		fit, _, err := Lower(context.Background(), g, nil, Options{Steps: 1, Fit: FitRidge, Source: nettest.NoiseFor(g, 6), FitSamples: 6})
		if err != nil {
			t.Fatal(err)
		}
		for i := range plain.Layers {
			a, b := weightsIn(&plain.Layers[i]), weightsIn(&fit.Layers[i])
			largest := 1e-6
			for _, x := range a {
				largest = max(largest, math.Abs(float64(x)))
			}
			compareAll(t, "weights of "+plain.Layers[i].Name, b, a, 1e-3*largest)
		}
	})
}

func weightsIn(l *snn.Layer) []float32 {
	switch op := l.Op.(type) {
	case snn.Conv:
		return op.W.F
	case snn.Dense:
		return op.W.F
	}
	return nil
}

// TestRidgeHelps: fitted weights bring the answers of coarse spikes nearer to those of the
// trained network on samples that the fit has not seen, in every mode.
func TestRidgeHelps(t *testing.T) {
	t.Parallel()
	g := nettest.Parse(t, nettest.Small)
	p := profileOf(t, g, 40)
	for _, weights := range []Weights{Float32, Int8} {
		for _, restim := range snn.Restims() {
			o := ridgeOptions(g, 2, 300)
			o.Weights, o.Restim, o.Steps = weights, restim, 3
			if restim == snn.RestimRefine {
				o.Rho = 2
			}
			fit, _ := lowered(t, g, p, o)
			o.Fit = FitNone
			plain, _ := lowered(t, g, p, o)
			before, after := outputError(t, g, plain, 400, 60), outputError(t, g, fit, 400, 60)
			t.Logf("%v, mode %d: error %.3f, without fit %.3f", weights, restim, after, before)
			if after > 0.9*before {
				t.Errorf("%v, mode %d: error %.3f, without fit %.3f", weights, restim, after, before)
			}
		}
	}
}

// outputError is the error of the output, against its size, on n samples of noise.
func outputError(t *testing.T, g *ir.Graph, net *snn.Network, from, n int) float64 {
	t.Helper()
	miss, size := 0.0, 0.0
	source := nettest.NoiseFor(g, from+n)
	for i := from; i < from+n; i++ {
		in := make([]float32, source.Size)
		if _, err := source.Sample(i, in); err != nil {
			t.Fatal(err)
		}
		_, want := nettest.RunTrained(t, g, nil, in)
		_, got := nettest.RunSpiking(t, net, in)
		for k, x := range want {
			miss += float64(got[k]-x) * float64(got[k]-x)
			size += float64(x) * float64(x)
		}
	}
	return math.Sqrt(miss / size)
}

// TestRidgeDoesNotDependOnWorkers: the same bytes from any number of goroutines.
func TestRidgeDoesNotDependOnWorkers(t *testing.T) {
	t.Parallel()
	g := nettest.Parse(t, nettest.Small)
	p := profileOf(t, g, 20)
	for _, weights := range []Weights{Float32, Int8} {
		var want []byte
		for _, workers := range []int{1, 5} {
			o := ridgeOptions(g, 4, 30)
			o.Weights, o.Workers = weights, workers
			n, r := lowered(t, g, p, o)
			if r.FitSamples != 15 { // as many are held back
				t.Errorf("fitted on %d samples", r.FitSamples)
			}
			var b bytes.Buffer
			if err := snn.Encode(&b, n); err != nil {
				t.Fatal(err)
			}
			if want == nil {
				want = b.Bytes()
			}
			if !bytes.Equal(b.Bytes(), want) {
				t.Errorf("%v: %d workers make another network", weights, workers)
			}
		}
	}
}

// flat is a Source whose samples are all the same.
type flat struct{ nettest.Noise }

func (s flat) Sample(_ int, dst []float32) (int, error) { return s.Noise.Sample(0, dst) }

// TestRidgeOfPoorData: samples that say little leave a network that is as good as the
// unfitted one, or nearly so, on other samples.
func TestRidgeOfPoorData(t *testing.T) {
	t.Parallel()
	g := nettest.Parse(t, nettest.Small)
	p := profileOf(t, g, 40)
	nearlyDead := nettest.Parse(t, strings.Replace(nettest.Small, "%b0 float32[4] = {0.1, -0.2, 0.3, 0}", "%b0 float32[4] = {0.1, -4.5, 0.3, -90}", 1))
	tests := []struct {
		name   string
		g      *ir.Graph
		change func(*Options)
	}{
		{"few samples", g, func(o *Options) { o.FitSamples = 16 }},
		{"one sample", g, func(o *Options) { o.FitSamples = 1 }},
		{"constant input", g, func(o *Options) { o.Source = flat{nettest.NoiseFor(g, 50)} }},
		{"dead channels", nearlyDead, func(o *Options) { o.FitSamples = 16 }},
	}
	for _, tt := range tests {
		for _, weights := range []Weights{Float32, Int8} {
			o := ridgeOptions(tt.g, 4, 200)
			o.Weights = weights
			tt.change(&o)
			profile := p
			if tt.g != g {
				profile = profileOf(t, tt.g, 40)
			}
			fit, _ := lowered(t, tt.g, profile, o)
			o.Fit = FitNone
			plain, _ := lowered(t, tt.g, profile, o)
			before, after := outputError(t, tt.g, plain, 400, 40), outputError(t, tt.g, fit, 400, 40)
			t.Logf("%s, %v: error %.3f, without fit %.3f", tt.name, weights, after, before)
			if !(after <= 1.25*before) {
				t.Errorf("%s, %v: error %.3f, without fit %.3f", tt.name, weights, after, before)
			}
		}
	}
}

// TestRidgeSaysWhatItKeeps: where samples are too few to gain anything, trained weights
// stay, and the report says so.
func TestRidgeSaysWhatItKeeps(t *testing.T) {
	t.Parallel()
	g := nettest.Parse(t, nettest.Small)
	o := ridgeOptions(g, 8, 4)
	o.Weights = Float32
	n, report := lowered(t, g, profileOf(t, g, 20), o)
	for i := range n.Layers {
		for _, w := range weightsIn(&n.Layers[i]) {
			if d := float64(w); math.IsNaN(d) || math.IsInf(d, 0) {
				t.Fatalf("%q has a weight of %v", n.Layers[i].Name, w)
			}
		}
	}
	said := slices.ContainsFunc(report.Warnings, func(w string) bool { return strings.Contains(w, "trained weights kept") })
	if !said {
		t.Errorf("the report does not mention weights that stay: %q", report.Warnings)
	}
}

// TestRidgeSaysItOnce: a depthwise layer has a fit for each channel, and one note of them all.
func TestRidgeSaysItOnce(t *testing.T) {
	t.Parallel()
	g := nettest.Parse(t, `
input %x float32[1,8,4,4]
const %w0 float32[8,1,3,3] = ramp(-0.3, 0.0083)
const %w1 float32[3,128] = ramp(-0.3, 0.0017)
%c0 = Conv(%x, %w0) "depthwise" {pads=[1,1,1,1] group=8}
%r0 = Relu(%c0) "relu0"
%f = Flatten(%r0) "flat" {axis=1}
%y = Gemm(%f, %w1) "fc" {alpha=1 beta=1 transB=true}
output %y`)
	o := ridgeOptions(g, 8, 8)
	o.Weights = Float32
	_, report := lowered(t, g, profileOf(t, g, 20), o)
	said := 0
	for _, w := range report.Warnings {
		said += strings.Count(w, "depthwise") * strings.Count(w, "trained weights kept")
	}
	if said != 1 {
		t.Errorf("the report mentions the weights that stay %d times: %q", said, report.Warnings)
	}
}
