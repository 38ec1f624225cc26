package convert

import (
	"context"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/calibrate"
	"ann2snn/internal/ann"
	"ann2snn/ir"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// TestAnalogNeuronsGiveTheTrainedNetwork holds a conversion to analog neurons
// against the trained network: the lowering changes no value.
func TestAnalogNeuronsGiveTheTrainedNetwork(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t, false)
		n, _, err := Lower(context.Background(), g, nil, Options{Steps: 1})
		if err != nil {
			if _, planError := completePlan(g); planError == nil {
				t.Fatal(err)
			}
			return // nothing spikes
		}
		in := sample(t, g)
		values, out := runTrained(t, g, nil, in)
		s, got := runSpiking(t, n, in)
		scale := largestOf(values)
		for i := range n.Layers {
			compareLayer(t, n, i, s, values, 1e-5*scale)
		}
		compareAll(t, "readout", got, out, 1e-5*scale)
	})
}

// runTrained returns all values by name, and the output.
func runTrained(t fataler, g *ir.Graph, replace map[ir.ValueID]func([]float32), in []float32) (map[string][]float32, []float32) {
	program, err := ann.Compile(g, ann.Options{Replace: replace})
	if err != nil {
		t.Fatal(err)
	}
	values := make(map[string][]float32)
	out, err := program.Run(context.Background(), in, func(id ir.ValueID, v []float32) {
		values[g.Value(id).Name] = append([]float32(nil), v...)
	})
	if err != nil {
		t.Fatal(err)
	}
	return values, out
}

type fataler interface {
	Fatal(...any)
	Fatalf(string, ...any)
}

func runSpiking(t fataler, n *snn.Network, in []float32) (*runtime.Session, []float32) {
	p, err := runtime.Compile(n)
	if err != nil {
		t.Fatal(err)
	}
	s := p.NewSession(runtime.SessionOptions{Trace: true})
	out := make([]float32, p.OutLen())
	if _, err := s.Run(context.Background(), out, in); err != nil {
		t.Fatal(err)
	}
	return s, out
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
func compareLayer(t fataler, n *snn.Network, i int, s *runtime.Session, values map[string][]float32, tolerance float64) {
	l := &n.Layers[i]
	got := make([]float32, l.Shape.Len())
	if l.ANNValue != "" {
		s.Value(i, got)
		compareAll(t, l.ANNValue, got, values[l.ANNValue], tolerance)
	}
	if l.ANNCurrent != "" {
		s.Current(i, got)
		compareAll(t, l.ANNCurrent+" (current)", got, values[l.ANNCurrent], tolerance)
	}
}

func compareAll(t fataler, what string, got, want []float32, tolerance float64) {
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
	drawn, compared := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t, true)
		drawn++
		p, err := completePlan(g)
		if err != nil || standsTwice(p) {
			return
		}
		bits := rapid.IntRange(1, 8).Draw(t, "bits")
		b := roundedBuilder(t, p, snn.Format{N: uint8(bits)})
		in := sample(t, g)
		values, out := runTrained(t, g, roundings(b), in)
		s, got := runSpiking(t, b.net, in)
		for i, l := range p.layers {
			if l.neuron != nil {
				compareLevels(t, b, l, s.Levels(i, 1), values[g.Value(l.source).Name])
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
func standsTwice(p *plan) bool {
	return slices.ContainsFunc(p.layers, func(l *layer) bool { return l.aside })
}

// roundedBuilder builds p with thresholds that are powers of two.
func roundedBuilder(t *rapid.T, p *plan, f snn.Format) *builder {
	o := Options{Format: f, Steps: 1, Rho: 1}
	b, err := newBuilder(p, nil, o)
	if err != nil {
		t.Fatal(err)
	}
	thresholds := make(map[*site][]float32)
	for i, l := range p.layers {
		if l.neuron == nil {
			continue
		}
		c := thresholds[l.neuron.site]
		for len(c) < l.shape.C {
			power := rapid.IntRange(-3, 0).Draw(t, "threshold")
			c = append(c, float32(math.Ldexp(1, power)))
		}
		if l.neuron.site.axis < 0 {
			for k := range c {
				c[k] = c[0]
			}
		}
		for k := range c { // no larger than where saturation stands for a bound
			for most := float32(b.format(i).Max()); b.saturates(l.neuron.act) && c[k]*most > l.neuron.act.B; {
				c[k] /= 2
			}
		}
		thresholds[l.neuron.site] = c
		b.choices[i] = calibrate.Choice{Threshold: c[:l.shape.C]}
	}
	if err := b.build(); err != nil {
		t.Fatal(err)
	}
	return b
}

// roundings are the roundings of all values that neurons stand for: half up to whole
// thresholds, then cut to the largest level.
func roundings(b *builder) map[ir.ValueID]func([]float32) {
	m := make(map[ir.ValueID]func([]float32))
	for i, l := range b.plan.layers {
		if l.neuron == nil {
			continue
		}
		n := b.net.Layers[i].Neuron
		high := float64(n.Format.Max())
		low := 0.0
		if n.Signed {
			low = -high
		}
		m[l.source] = func(v []float32) {
			for e, x := range v {
				theta := float64(n.Threshold[l.channelOf(e)])
				v[e] = float32(max(low, min(math.Floor(float64(x)/theta+0.5), high)) * theta)
			}
		}
	}
	return m
}

// compareLevels compares spikes with the rounded value they stand for.
func compareLevels(t fataler, b *builder, l *layer, levels []int32, want []float32) {
	n := b.net.Layers[l.index].Neuron
	for e, x := range want {
		at := naturalPlace(l.shape, e)
		if l.view != nil {
			at = l.view[e]
		}
		if got := float32(levels[at]) * n.Threshold[l.channelOf(e)]; got != x {
			t.Fatalf("layer %d %s: element %d stands for %v, want %v", l.index, l.name, e, got, x)
		}
	}
}

// TestWeightTypes: weights keep to their range and use it, and fewer levels err more.
func TestWeightTypes(t *testing.T) {
	g := parsed(t, small)
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
		if largest != weights.most() {
			t.Errorf("%v: largest weight %d, want %d", weights, largest, weights.most())
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
