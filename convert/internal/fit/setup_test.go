package fit

import (
	"context"

	"ann2snn/calibrate"
	"ann2snn/convert/internal/fill"
	"ann2snn/convert/internal/nettest"
	"ann2snn/convert/internal/plan"
	"ann2snn/ir"
	"ann2snn/snn"
)

// setup says what network to make and what to fit it on.
type setup struct {
	fill.Options
	gate bool
	fit  Options
}

// ridgeSetup is a usual one, with int8 weights that are fitted on noise.
func ridgeSetup(g *ir.Graph, bits, samples int) setup {
	mse, err := calibrate.ParseMethod("mse")
	if err != nil {
		panic(err)
	}
	return setup{
		Options: fill.Options{
			Format: snn.Format{M: 1, N: uint8(bits - 1)}, Steps: 1, Rho: 1, LargestWeight: 127, Method: mse, PerChannel: true,
		},
		fit: Options{Source: nettest.NoiseFor(g, samples), Samples: samples, Seed: 5},
	}
}

// planned plans the conversion of a graph; nil where it cannot be converted.
func planned(g *ir.Graph) *plan.Plan {
	pl, err := plan.New(context.Background(), g, 0)
	if err != nil || pl.Unsupported() != nil || !pl.Spiking() {
		return nil
	}
	return pl
}

// newBuilder returns a builder with thresholds, of which no layer is built. The samples of
// the calibration are noise.
func newBuilder(t nettest.T, g *ir.Graph, samples int, o *setup) *fill.Builder {
	t.Helper()
	pl := planned(g)
	p := nettest.Profile(t, g, pl.Measured(), samples)
	if o.gate {
		pl.AddGates()
	}
	b, err := fill.New(pl, p, o.Options)
	if err == nil {
		err = b.ChooseThresholds(context.Background())
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// startedRidge is a fit of which no layer is done.
func startedRidge(t nettest.T, g *ir.Graph, samples int, o *setup) *run {
	t.Helper()
	r, err := newRun(context.Background(), newBuilder(t, g, samples, o), o.fit)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
