package fill

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/calibrate"
	"ann2snn/convert/internal/nettest"
	"ann2snn/convert/internal/plan"
	"ann2snn/ir"
	"ann2snn/snn"
)

// newBuilder returns a builder with thresholds, of which no layer is built; nil where the
// graph cannot be converted.
func newBuilder(t nettest.T, g *ir.Graph, largestWeight int) *Builder {
	t.Helper()
	pl, err := plan.New(context.Background(), g, 0)
	if err != nil || pl.Unsupported() != nil || !pl.Spiking() {
		return nil
	}
	mse, err := calibrate.ParseMethod("mse")
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Format: snn.Format{M: 1, N: 3}, Steps: 2, Rho: 1, LargestWeight: largestWeight, Method: mse, PerChannel: true}
	b, err := New(pl, nettest.Profile(t, g, pl.Measured(), 8), o)
	if err == nil {
		err = b.ChooseThresholds(context.Background())
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestProof: what is proven layer by layer is what the whole network's ranges are, also
// after a layer is built again.
func TestProof(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := newBuilder(t, nettest.Draw(t, false), 127)
		if b == nil {
			t.Skip("cannot be converted")
		}
		if err := b.Build(context.Background()); err != nil {
			t.Skip("cannot be built: " + err.Error())
		}
		check := func() {
			proof, err := b.Prove(len(b.Net.Layers))
			if err != nil {
				t.Fatal(err)
			}
			want, err := b.Net.Ranges()
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(proof.Ranges(), want) {
				t.Fatalf("ranges %v, want %v", proof.Ranges(), want)
			}
		}
		check()
		again := rapid.SampledFrom(b.Plan.Layers).Draw(t, "again")
		if again.Neuron != nil {
			for c := range b.Choices[again.Index].Threshold {
				b.Choices[again.Index].Threshold[c] *= 2
			}
		}
		for _, l := range b.Plan.Layers[again.Index:] {
			if err := b.Layer(l); err != nil {
				t.Skip("cannot be built again: " + err.Error())
			}
			if got := b.proof.Len(); got > l.Index {
				t.Fatalf("%d layers count as proven after layer %d has changed", got, l.Index)
			}
		}
		check()
	})
}

// TestBuildProvesOnce: building a layer proves the layers below it, and none again.
func TestBuildProvesOnce(t *testing.T) {
	t.Parallel()
	b := newBuilder(t, nettest.Parse(t, nettest.Small), 127)
	before := 0
	for _, l := range b.Plan.Layers {
		if err := b.Layer(l); err != nil {
			t.Fatal(err)
		}
		if got := b.proof.Len(); got < before || got > l.Index {
			t.Errorf("%d layers are proven behind layer %d, %d before", got, l.Index, before)
		}
		before = b.proof.Len()
	}
	if before < len(b.Plan.Layers)-2 {
		t.Errorf("%d layers are proven on the way", before)
	}
}

// TestBuildStops: a build ends with the context, and its error names the layer.
func TestBuildStops(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	b := newBuilder(t, nettest.Parse(t, nettest.Small), 0)
	if err := b.Build(ctx); !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), `"x"`) {
		t.Errorf("error %v", err)
	}
}

// TestReplace: a layer is built with the weights that replace its trained ones, rounded by
// their rounder, and with the trained ones again when those are taken back.
func TestReplace(t *testing.T) {
	t.Parallel()
	b := newBuilder(t, nettest.Parse(t, nettest.Small), 127)
	if err := b.Build(context.Background()); err != nil {
		t.Fatal(err)
	}
	l := b.Plan.Layers[slices.IndexFunc(b.Plan.Layers, func(l *plan.Layer) bool { return l.Name == "conv1" })]
	weights := func() snn.Weights {
		if err := b.Layer(l); err != nil {
			t.Fatal(err)
		}
		w, _ := b.Net.Layers[l.Index].Weights()
		return w
	}
	trained := weights()
	op, _ := l.Op.(plan.Weighted)
	f, _ := op.Trained(l)
	b.Replace(l, &Fitted{F: f, Bias: make([]float32, l.Shape.C), Rounders: []Rounder{threes{}}})
	for _, q := range weights().Q {
		if q != 3 {
			t.Fatalf("weight %d, want that of the rounder", q)
		}
	}
	if got := weights().IntBias[0]; got == 0 {
		t.Error("the bias of the rounder is lost")
	}
	b.Replace(l, nil)
	if !slices.Equal(weights().Q, trained.Q) {
		t.Error("the trained weights are not back")
	}
}

// TestDone: a layer whose fitted weights were given up is not built again, with others; one
// that had none is.
func TestDone(t *testing.T) {
	t.Parallel()
	b := newBuilder(t, nettest.Parse(t, nettest.Small), 127)
	if err := b.Build(context.Background()); err != nil {
		t.Fatal(err)
	}
	for _, l := range b.Plan.Layers {
		op, weighted := l.Op.(plan.Weighted)
		b.Done(l)
		if err := b.Layer(l); err != nil {
			t.Fatalf("%s: it is not built again: %v", l.Name, err)
		}
		if !weighted {
			continue
		}
		f, _ := op.Trained(l)
		b.Replace(l, &Fitted{F: f, Bias: make([]float32, l.Shape.C)})
		b.Done(l)
		if b.Layer(l) == nil {
			t.Errorf("%s: it is built again", l.Name)
		}
	}
}

// threes rounds everything to 3, and moves every bias by 100 units.
type threes struct{}

func (threes) Round(dst []int8, _ []float32, bias float32, unit float64, _ int) float32 {
	for i := range dst {
		dst[i] = 3
	}
	return bias + float32(100*unit)
}

// TestShiftBias: shifts of an integer network are whole units, and as near to the wanted
// ones as these allow.
func TestShiftBias(t *testing.T) {
	t.Parallel()
	for _, largest := range []int{0, 127} {
		b := newBuilder(t, nettest.Parse(t, nettest.Small), largest)
		if err := b.Build(context.Background()); err != nil {
			t.Fatal(err)
		}
		for _, l := range b.Plan.Layers {
			if !l.Computes() {
				continue
			}
			b.GiveBias(l)
			built := &b.Net.Layers[l.Index]
			floats, ints := built.Biases()
			floats, ints = slices.Clone(floats), slices.Clone(ints)
			wanted := make([]float64, l.Shape.C)
			for c := range wanted {
				wanted[c] = 0.013 * float64(c+1)
			}
			added := b.ShiftBias(l, wanted)
			moreFloats, moreInts := built.Biases()
			for c, shift := range added {
				var tolerance, moved float64
				if largest == 0 {
					tolerance, moved = 1e-6, float64(moreFloats[c])-float64(floats[c])
				} else {
					unit := float64(built.Unit[c])
					tolerance, moved = unit/2, float64(moreInts[c]-ints[c])*unit
				}
				if d := shift - moved; d > 1e-6 || d < -1e-6 {
					t.Errorf("%s: channel %d: a shift of %v is called %v", l.Name, c, moved, shift)
				}
				if d := shift - wanted[c]; d > tolerance+1e-9 || d < -tolerance-1e-9 {
					t.Errorf("%s: channel %d: shift %v, want %v", l.Name, c, shift, wanted[c])
				}
			}
		}
	}
}
