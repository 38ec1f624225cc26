package convert

import (
	"context"
	"math"
	"testing"

	"ann2snn/convert/internal/nettest"
	"ann2snn/ir"
	"ann2snn/snn"
)

// timed are usual options for some bits and steps, as the library resolves them.
func timed(bits, steps int) Options {
	o := options(bits)
	o.Steps, o.Weights, o.MayChangeRho, o.MayChangeRestim = steps, Int8, true, true
	if steps > 1 {
		o.Restim, o.Rho = snn.RestimRefine, 4
	}
	return o
}

// TestFewSamples: a dense layer shows one value per sample and channel, from which the
// range of values to come must be told.
func TestFewSamples(t *testing.T) {
	t.Parallel()
	nets := map[string]func(*nettest.Random){
		"perceptron": func(r *nettest.Random) { r.Dense(256).Relu().Dense(256).Relu().Dense(10) },
		"autoencoder": func(r *nettest.Random) {
			r.Dense(128).Relu().Dense(128).Relu().Dense(8).Relu().Dense(128).Relu().Dense(200)
		},
	}
	for name, build := range nets {
		r := nettest.NewRandom(t, 3, 1, 200)
		build(r)
		for _, samples := range []int{16, 64} {
			for _, fit := range []Fit{FitNone, FitRidge} {
				o := timed(8, 1)
				o.Fit, o.Source, o.FitSamples = fit, nettest.NoiseFor(r.G, samples), samples
				n, _ := lowered(t, r.G, profileOf(t, r.G, samples), o)
				if e, most := outputError(t, r.G, n, 10_000, 20), 0.28/math.Sqrt(float64(samples)); e > most {
					t.Errorf("%s, %d samples, fit %v: error %.3f, at most %.3f", name, samples, fit, e, most)
				}
			}
		}
	}
}

// TestWidePools: behind a pool over a large map, sums of levels may come near 2^31 and
// biases may be large against weights; weights keep their bits.
func TestWidePools(t *testing.T) {
	t.Parallel()
	r := nettest.NewRandom(t, 4, 1, 3, 32, 32)
	r.Conv(64, 3).Relu().Node(ir.GlobalAveragePool{}).Node(ir.Flatten{Axis: 1}).Dense(10)
	p := profileOf(t, r.G, 64)
	for _, bits := range []int{4, 6, 8} {
		for _, steps := range []int{1, 2, 4} {
			n, _ := lowered(t, r.G, p, timed(bits, steps))
			if e := outputError(t, r.G, n, 10_000, 20); e > 0.012 {
				t.Errorf("%d bits, %d steps: error %.4f", bits, steps, e)
			}
		}
	}
}

// TestManySteps: more steps never make a network worse, beyond what weights of 8 bits leave.
func TestManySteps(t *testing.T) {
	const noise = 0.015
	t.Parallel()
	r := nettest.NewRandom(t, 5, 1, 8, 6, 6)
	r.Conv(32, 3).Relu().Conv(32, 3).Relu().Node(ir.GlobalAveragePool{}).Node(ir.Flatten{Axis: 1}).Dense(10)
	p := profileOf(t, r.G, 64)
	for _, bits := range []int{1, 2, 4, 8} {
		before := math.Inf(1)
		for _, steps := range []int{1, 2, 4, 6, 8, 16, 32, 64} {
			n, report, err := Lower(context.Background(), r.G, p, timed(bits, steps))
			if err != nil {
				t.Fatal(err)
			}
			e := outputError(t, r.G, n, 10_000, 20)
			if e > max(1.1*before, noise) {
				t.Errorf("%d bits, %2d steps of %v, rho %d: error %.4f (%.4f before); %v", bits, steps, n.Restim, n.Rho, e, before, report.Warnings)
			}
			before = e
		}
	}
}

// TestRefineIsMonotone: what a step of refinement says is what the network with fewer steps
// says, corrected. In a deep network a first step that leaves something for the second to say
// drives all later layers wrongly, and the second cannot mend that.
func TestRefineIsMonotone(t *testing.T) {
	t.Parallel()
	activations := map[string]func(*nettest.Random){
		"Relu":         func(r *nettest.Random) { r.Relu() },
		"bounded Relu": func(r *nettest.Random) { r.Node(ir.Clip{}, ir.Floats([]float32{0}), ir.Floats([]float32{1})) },
		"LeakyRelu":    func(r *nettest.Random) { r.Node(ir.LeakyRelu{Alpha: 0.1}) },
		"SiLU":         func(r *nettest.Random) { r.Node(ir.SiLU{}) },
	}
	for name, activation := range activations {
		r := nettest.NewRandom(t, 6, 1, 4, 6, 6)
		for range 12 {
			r.Conv(12, 3)
			activation(r)
		}
		r.Node(ir.GlobalAveragePool{}).Node(ir.Flatten{Axis: 1}).Dense(10)
		p := profileOf(t, r.G, 32)
		for _, bits := range []int{2, 4} {
			before := math.Inf(1)
			for steps := 1; steps <= 4; steps++ {
				n, report := lowered(t, r.G, p, timed(bits, steps))
				e := outputError(t, r.G, n, 10_000, 20)
				t.Logf("%s, %d bits, %d steps: error %.3f (%v)", name, bits, steps, e, report.Warnings)
				if e > max(1.1*before, 0.03) {
					t.Errorf("%s, %d bits, %d steps: error %.3f, with one step less %.3f", name, bits, steps, e, before)
				}
				before = min(before, e)
			}
		}
	}
}
