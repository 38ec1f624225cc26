package convert

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"

	"ann2snn/calibrate"
	"ann2snn/convert/internal/nettest"
	"ann2snn/ir"
	"ann2snn/snn"
)

// trainable is a network of convolutions with random weights. Its answers do not depend on
// where things are in a picture, if pooled.
func trainable(t *testing.T, pooled bool) *nettest.Random {
	t.Helper()
	r := nettest.NewRandom(t, 7, 1, 2, 8, 8)
	r.Conv(6, 3).Relu().Conv(8, 3).Relu()
	if pooled {
		r.Node(ir.GlobalAveragePool{})
	}
	r.Node(ir.Flatten{Axis: 1}).Dense(10)
	return r
}

// tuned are options with a training from the trained weights: what a fit would do is left to
// it. (What a fit leaves of the error of random networks, training cannot mend; see the
// test of the whole program for what it does to a trained one.)
func tuned(g *ir.Graph, bits, steps, passes int) Options {
	o := timed(bits, steps)
	o.Fit, o.FitSamples, o.TunePasses = FitNone, 256, passes
	o.Source, o.HeldBack = calibrate.Split(nettest.NoiseFor(g, 320), 1, 256)
	return o
}

// TestTraining: training mends a part of what few bits lose, on samples that nothing has seen;
// many bits do not lose by it.
func TestTraining(t *testing.T) {
	t.Parallel()
	r := trainable(t, true)
	p := profileOf(t, r.G, 96)
	for _, c := range []struct {
		bits, steps int
		restim      snn.Restim
		most        float64 // of the error without training
	}{
		{1, 1, snn.RestimNone, 0.75},
		{2, 1, snn.RestimNone, 0.95},
		{8, 1, snn.RestimNone, 1.005},
		{2, 2, snn.RestimRefine, 0.95},
		{2, 2, snn.RestimWaiting, 1.03},
		{1, 3, snn.RestimSigned, 0.85},
	} {
		o := tuned(r.G, c.bits, c.steps, 5)
		if o.Restim = c.restim; c.restim != snn.RestimRefine {
			o.Rho = 1
		}
		trained, report := lowered(t, r.G, p, o)
		o.TunePasses = 0
		plain, _ := lowered(t, r.G, p, o)
		before, after := outputError(t, r.G, plain, 10_000, 40), outputError(t, r.G, trained, 10_000, 40)
		if after > c.most*before {
			t.Errorf("%d bits, %d steps, %v: error %.4f, before training %.4f", c.bits, c.steps, c.restim, after, before)
		}
		if s := report.Training; s == nil || s.Kept != (s.After == s.Before) || s.After > s.Before || s.Kept != (c.bits == 8) {
			t.Errorf("%d bits, %d steps: report %+v", c.bits, c.steps, s)
		}
	}
}

// TestTrainingDoesNotDependOnWorkers: the same bytes from any number of goroutines.
func TestTrainingDoesNotDependOnWorkers(t *testing.T) {
	t.Parallel()
	r := trainable(t, true)
	p := profileOf(t, r.G, 96)
	var want []byte
	for _, workers := range []int{1, 3} {
		o := tuned(r.G, 1, 1, 4)
		o.Workers = workers
		n, report := lowered(t, r.G, p, o)
		if report.Training.Kept {
			t.Error("training changed nothing")
		}
		var got bytes.Buffer
		if err := snn.Encode(&got, n); err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = got.Bytes()
		}
		if !bytes.Equal(got.Bytes(), want) {
			t.Errorf("%d workers make another network", workers)
		}
	}
}

// TestViews: a network whose answers do not depend on places is shown shifted and mirrored
// samples, another one is not.
func TestViews(t *testing.T) {
	t.Parallel()
	for _, pooled := range []bool{true, false} {
		r := trainable(t, pooled)
		_, report := lowered(t, r.G, profileOf(t, r.G, 96), tuned(r.G, 2, 1, 1))
		var want []string
		if pooled {
			want = []string{"shifted", "mirrored"}
		}
		if got := report.Training.Views; !slices.Equal(got, want) {
			t.Errorf("pooled %v: samples are %q, want %q", pooled, got, want)
		}
	}
}

// TestTrainingStops: a context that ends is heard at once.
func TestTrainingStops(t *testing.T) {
	t.Parallel()
	r := trainable(t, true)
	o := tuned(r.G, 2, 1, 1_000_000)
	ctx, cancel := context.WithCancel(context.Background())
	o.Training = func(int, int) { cancel() }
	if _, _, err := Lower(ctx, r.G, profileOf(t, r.G, 96), o); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
