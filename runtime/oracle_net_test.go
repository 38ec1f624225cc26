package runtime_test

import (
	"context"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/internal/snntest"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// TestOracle compares random networks with the oracle: every spike of every step, every
// decoded value and current, the readout after every step, and every count.
func TestOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := snntest.Network(t, snntest.DrawSpec(t))
		plan, err := runtime.Compile(context.Background(), n)
		if err != nil {
			t.Fatal(err)
		}
		s := plan.NewSession(runtime.SessionOptions{Stats: true, Trace: true})
		for range 2 { // a second run starts afresh
			compareWithOracle(t, n, s, snntest.Sample(t, n))
		}
	})
}

func compareWithOracle(t *rapid.T, n *snn.Network, s *runtime.Session, sample []float32) {
	out := make([]float32, s.Shape(n.Output).Len())
	stats, err := s.Run(context.Background(), out, sample)
	if err != nil {
		t.Fatal(err)
	}
	o := newOracle(n, sample)
	for step := 1; step <= n.Steps; step++ {
		o.step()
		for i := range n.Layers {
			compareLevels(t, o, s, i, step)
		}
		ok(s.Readout(step, out))
		if want := o.value(n.Output, o.layers[n.Output].sum, o.levelValue(n.Output)); !slices.Equal(out, want) {
			t.Fatalf("readout after step %d: %v, want %v", step, out, want)
		}
	}
	for i := range n.Layers {
		compareValues(t, o, s, i)
		if stats.Layers[i] != o.layers[i].stats {
			t.Fatalf("layer %d: counted %+v, want %+v", i, stats.Layers[i], o.layers[i].stats)
		}
	}
}

func compareLevels(t *rapid.T, o *oracle, s *runtime.Session, layer, step int) {
	for i, got := range must(s.Levels(layer, step)) {
		if want := o.layers[layer].emitted[i] / o.fine(); got != int32(want) {
			t.Fatalf("layer %d (%s) step %d element %d: %d, want %g", layer, o.net.Layers[layer].Name, step, i, got, want)
		}
	}
}

// compareValues compares what is decoded. Every number is exact until the division by
// the steps, so that at most the last bit may differ.
func compareValues(t *rapid.T, o *oracle, s *runtime.Session, layer int) {
	l := &o.net.Layers[layer]
	got := make([]float32, l.Shape.Len())
	ok(s.Value(layer, got))
	if want := o.value(layer, o.layers[layer].sum, o.levelValue(layer)); !slices.Equal(got, want) {
		t.Fatalf("layer %d (%s): value %v, want %v", layer, l.Name, got, want)
	}
	unit := o.levelValue(layer)
	if l.Neuron != nil {
		unit = func(i int) float64 { return o.unit(l, i%l.Shape.C) }
	}
	ok(s.Current(layer, got))
	want := o.value(layer, o.layers[layer].driven, unit)
	if !slices.EqualFunc(got, want, nearlyEqual) {
		t.Fatalf("layer %d (%s): current %v, want %v", layer, l.Name, got, want)
	}
}

func nearlyEqual(a, b float32) bool {
	d := max(a-b, b-a)
	return d <= 1e-6*max(a, -a, 1)
}

func (o *oracle) levelValue(layer int) func(i int) float64 {
	l := &o.net.Layers[layer]
	return func(i int) float64 {
		values := l.Scale
		if l.Neuron == nil && l.Unit != nil {
			values = l.Unit
		}
		if len(values) == 0 {
			return 1
		}
		return float64(values[i%len(values)])
	}
}
