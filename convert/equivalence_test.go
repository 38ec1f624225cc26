package convert

import (
	"context"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/calibrate"
	"ann2snn/convert/internal/fill"
	"ann2snn/convert/internal/nettest"
	"ann2snn/convert/internal/plan"
	"ann2snn/ir"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// TestAnalogNeuronsGiveTheTrainedNetwork holds a conversion to analog neurons
// against the trained network: the lowering changes no value.
func TestAnalogNeuronsGiveTheTrainedNetwork(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := nettest.Draw(t, false)
		n, _, err := Lower(context.Background(), g, nil, Options{Steps: 1})
		if err != nil {
			if _, planError := complete(context.Background(), g, 0); planError == nil {
				t.Fatal(err)
			}
			return // nothing spikes
		}
		in := nettest.Sample(t, g)
		values, out := nettest.RunTrained(t, g, nil, in)
		s, got := nettest.RunSpiking(t, n, in)
		scale := largestOf(values)
		for i := range n.Layers {
			compareLayer(t, n, i, s, values, 1e-5*scale)
		}
		compareAll(t, "readout", got, out, 1e-5*scale)
	})
}

func largestOf(values map[string][]float32) float64 {
	m := 1.0
	for _, v := range values {
		for _, x := range v {
			m = max(m, math.Abs(float64(x)))
		}
	}
	return m
}

// compareLayer compares a layer's output and current with the values they stand for.
func compareLayer(t nettest.T, n *snn.Network, i int, s *runtime.Session, values map[string][]float32, tolerance float64) {
	l := &n.Layers[i]
	got := make([]float32, l.Shape.Len())
	if l.ANNValue != "" {
		if err := s.Value(i, got); err != nil {
			t.Fatal(err)
		}
		compareAll(t, l.ANNValue, got, values[l.ANNValue], tolerance)
	}
	if l.ANNCurrent != "" {
		if err := s.Current(i, got); err != nil {
			t.Fatal(err)
		}
		compareAll(t, l.ANNCurrent+" (current)", got, values[l.ANNCurrent], tolerance)
	}
}

func compareAll(t nettest.T, what string, got, want []float32, tolerance float64) {
	if len(got) != len(want) {
		t.Fatalf("%s: %d elements, want %d", what, len(got), len(want))
	}
	for i := range got {
		if d := math.Abs(float64(got[i]) - float64(want[i])); !(d <= tolerance) {
			t.Fatalf("%s: element %d is %v, want %v", what, i, got[i], want[i])
		}
	}
}

// TestOneStepIsTheRoundedNetwork is equivalence 1, bit for bit: with thresholds that are
// powers of two, the spiking network's levels are those of the trained network with
// every value that spikes stand for rounded.
func TestOneStepIsTheRoundedNetwork(t *testing.T) {
	t.Parallel()
	drawn, compared := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		g := nettest.Draw(t, true)
		drawn++
		p, err := complete(context.Background(), g, 0)
		if err != nil || standsTwice(p) {
			return
		}
		bits := rapid.IntRange(1, 8).Draw(t, "bits")
		b := roundedBuilder(t, p, snn.Format{N: uint8(bits)})
		in := nettest.Sample(t, g)
		values, out := nettest.RunTrained(t, g, roundings(b), in)
		s, got := nettest.RunSpiking(t, b.Net, in)
		for i, l := range p.Layers {
			if l.Neuron != nil {
				levels, err := s.Levels(i, 1)
				if err != nil {
					t.Fatal(err)
				}
				compareLevels(t, b, l, levels, values[g.Value(l.Source).Name])
			}
		}
		compareAll(t, "readout", got, out, 0)
		compared++
	})
	if compared < drawn/4 {
		t.Errorf("only %d of %d networks were compared", compared, drawn)
	}
}

// standsTwice reports whether the spiking network has a value in two forms, rounded by
// different neurons or not at all, while the rounded trained network has one.
func standsTwice(p *plan.Plan) bool {
	return slices.ContainsFunc(p.Layers, func(l *plan.Layer) bool { return l.Auxiliary })
}

// roundedBuilder builds p with thresholds that are powers of two.
func roundedBuilder(t *rapid.T, p *plan.Plan, f snn.Format) *fill.Builder {
	o := Options{Format: f, Steps: 1, Rho: 1}
	b, err := fill.New(p, nil, o.fill())
	if err != nil {
		t.Fatal(err)
	}
	thresholds := make(map[*plan.Site][]float32)
	for i, l := range p.Layers {
		if l.Neuron == nil {
			continue
		}
		c := thresholds[l.Neuron.Site]
		for len(c) < l.Shape.C {
			power := rapid.IntRange(-3, 0).Draw(t, "threshold")
			c = append(c, float32(math.Ldexp(1, power)))
		}
		if l.Neuron.Site.Axis < 0 {
			for k := range c {
				c[k] = c[0]
			}
		}
		for k := range c { // no larger than where saturation stands for a bound
			for most := float32(b.Format(i).Max()); b.Saturates(l.Neuron.Act) && c[k]*most > l.Neuron.Act.B; {
				c[k] /= 2
			}
		}
		thresholds[l.Neuron.Site] = c
		b.Choices[i] = calibrate.Choice{Threshold: c[:l.Shape.C]}
	}
	if err := b.Build(context.Background()); err != nil {
		t.Fatal(err)
	}
	return b
}

// roundings are the roundings of all values that neurons stand for: half up to whole
// thresholds, then cut to the largest level.
func roundings(b *fill.Builder) map[ir.ValueID]func([]float32) {
	m := make(map[ir.ValueID]func([]float32))
	for i, l := range b.Plan.Layers {
		if l.Neuron == nil {
			continue
		}
		n := b.Net.Layers[i].Neuron
		high := float64(n.Format.Max())
		low := 0.0
		if n.Signed {
			low = -high
		}
		m[l.Source] = func(v []float32) {
			for e, x := range v {
				theta := float64(n.Threshold[l.ChannelOf(e)])
				v[e] = float32(max(low, min(math.Floor(float64(x)/theta+0.5), high)) * theta)
			}
		}
	}
	return m
}

// compareLevels compares spikes with the rounded value they stand for.
func compareLevels(t nettest.T, b *fill.Builder, l *plan.Layer, levels []int32, want []float32) {
	n := b.Net.Layers[l.Index].Neuron
	for e, x := range want {
		if got := float32(levels[l.Place(e)]) * n.Threshold[l.ChannelOf(e)]; got != x {
			t.Fatalf("layer %d %s: element %d stands for %v, want %v", l.Index, l.Name, e, got, x)
		}
	}
}

// TestWeightTypes: weights keep to their range and use it, and fewer levels err more.
func TestWeightTypes(t *testing.T) {
	t.Parallel()
	g := nettest.Parse(t, nettest.Small)
	p := profileOf(t, g, 20)
	before := 0.0
	for _, weights := range []Weights{Float32, Int8, Levels29, Int4} {
		o := options(8)
		o.Weights = weights
		n, _ := lowered(t, g, p, o)
		if n.Integer != (weights != Float32) {
			t.Errorf("%v: integer is %v", weights, n.Integer)
		}
		largest := 0
		for i := range n.Layers {
			for _, q := range wholeWeights(&n.Layers[i]) {
				largest = max(largest, int(q), -int(q))
			}
		}
		if largest != weights.largest() {
			t.Errorf("%v: largest weight %d, want %d", weights, largest, weights.largest())
		}
		err := outputError(t, g, n, 100, 20)
		if t.Logf("%v: error %.4f", weights, err); err < before {
			t.Errorf("%v errs less than more levels do: %v, %v", weights, err, before)
		}
		before = err
	}
}

func wholeWeights(l *snn.Layer) []int8 {
	switch op := l.Op.(type) {
	case snn.Conv:
		return op.W.Q
	case snn.Dense:
		return op.W.Q
	}
	return nil
}
