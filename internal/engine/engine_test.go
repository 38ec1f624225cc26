package engine_test

import (
	"errors"
	"slices"
	"testing"

	"ann2snn/internal/engine"
	"ann2snn/internal/facts"
	"ann2snn/snn"
)

// chain returns a network in which layer i reads layer i-1, and layer 3 layers 1 and 2.
func chain() *snn.Network {
	one := snn.Shape{H: 1, W: 1, C: 1}
	return &snn.Network{Steps: 2, Rho: 1, Output: 3, Layers: []snn.Layer{
		{Shape: one, Op: snn.Input{}},
		{Shape: one, Op: snn.Sum{}, In: []int{0}, Neuron: &snn.Neuron{Format: snn.Format{N: 1}}},
		{Shape: one, Op: snn.Sum{}, In: []int{1}, Neuron: &snn.Neuron{Format: snn.Format{N: 1}}},
		{Shape: one, Op: snn.Sum{}, In: []int{1, 2}},
	}}
}

func TestBetween(t *testing.T) {
	for _, c := range []struct {
		given, wanted []int
		runs          []int
	}{
		{nil, []int{3}, []int{0, 1, 2, 3}},
		{nil, []int{1}, []int{0, 1}},
		{[]int{1}, []int{3}, []int{2, 3}},
		{[]int{1, 2}, []int{3}, []int{3}},
		{[]int{2}, []int{3}, []int{0, 1, 3}},
		{[]int{2}, []int{2}, nil},
	} {
		s, err := engine.Between(chain(), c.given, c.wanted)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Layers(); !slices.Equal(got, c.runs) {
			t.Errorf("between %v and %v run the layers %v, want %v", c.given, c.wanted, got, c.runs)
		}
		for i := range chain().Layers {
			if want := slices.Contains(c.runs, i) || slices.Contains(c.given, i); s.Holds(i) != want {
				t.Errorf("between %v and %v: layer %d exists: %v", c.given, c.wanted, i, s.Holds(i))
			}
			if s.Stays(i) != slices.Contains(c.wanted, i) {
				t.Errorf("between %v and %v: layer %d stays: %v", c.given, c.wanted, i, s.Stays(i))
			}
		}
	}
	if _, err := engine.Between(chain(), []int{4}, nil); err == nil {
		t.Error("a layer that does not exist is given")
	}
	if _, err := engine.Between(chain(), nil, []int{-1}); err == nil {
		t.Error("a layer that does not exist is wanted")
	}
}

func TestTotal(t *testing.T) {
	steps := [][]int32{{4, 1}, {-2, 0}, {1, 3}}
	for _, c := range []struct {
		restim   snn.Restim
		rho      int
		constant bool
		t        int
		want     []float64
	}{
		{snn.RestimNone, 1, false, 1, []float64{4, 1}},
		{snn.RestimNone, 1, false, 2, []float64{1, 0.5}},
		{snn.RestimWaiting, 1, false, 3, []float64{1, 4. / 3}},
		{snn.RestimNone, 1, true, 3, []float64{4, 1}},
		{snn.RestimRefine, 2, false, 1, []float64{4, 1}},
		{snn.RestimRefine, 2, false, 3, []float64{4 - 1 + 0.25, 1 + 0.75}},
	} {
		n := &snn.Network{Steps: 3, Restim: c.restim, Rho: c.rho}
		got := make([]float64, 2)
		engine.Total(got, n, c.constant, c.t, func(t int) []int32 { return steps[t-1] })
		if !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// TestValues: values come channels first, each in levels times the value of a level.
func TestValues(t *testing.T) {
	l := &snn.Layer{Shape: snn.Shape{H: 1, W: 2, C: 2}, Scale: []float32{0.5, 10}}
	got := make([]float32, 4)
	engine.Values(got, l, []float64{1, 2, 3, 4})
	if want := []float32{0.5, 1.5, 20, 40}; !slices.Equal(got, want) {
		t.Errorf("values %v, want %v", got, want)
	}
	l.Scale = nil
	engine.Values(got, l, []float64{1, 2, 3, 4})
	if want := []float32{1, 3, 2, 4}; !slices.Equal(got, want) {
		t.Errorf("values of a current %v, want %v", got, want)
	}
}

// TestCounter counts spikes of two steps, and what they cost a convolution.
func TestCounter(t *testing.T) {
	n := chain()
	n.Layers[0].Shape = snn.Shape{H: 1, W: 3, C: 2}
	n.Layers[1].Shape = n.Layers[0].Shape
	n.Layers[2] = snn.Layer{
		Op: snn.Conv{Groups: 1, Window: snn.Window{Kernel: [2]int{1, 3}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}, Pad: [4]int{0, 1, 0, 1}}},
		In: []int{1}, Shape: snn.Shape{H: 1, W: 3, C: 5},
	}
	n.Layers, n.Output = n.Layers[:3], 2
	c := engine.NewCounter(facts.Of(n, nil))
	engine.Count(c.Tallies[0], make([]int32, 6))
	engine.Count(c.Tallies[1], []int32{1, 0, 3, -2, 0, 0, 0, 0, 7, 0, 0, 1})
	engine.Count(c.Tallies[2], make([]int32, 30))
	c.Saturated[1] = 2
	counts := make([]engine.Counts, 3)
	c.Counts(counts)
	// The pixels of layer 1 have 1, 3 and 1 spikes, with 1, 6 and 1 bits; those at the edges
	// are in 2 windows, the middle one in 3.
	if want := (engine.Counts{Neurons: 6, Spikes: 5, Bits: 8, Zeros: 7, Saturated: 2, MACs: 6}); counts[1] != want {
		t.Errorf("the neurons: %+v, want %+v", counts[1], want)
	}
	if want := (engine.Counts{SOPs: 5 * (2*1 + 3*3 + 2*1), BitSOPs: 5 * (2*1 + 3*6 + 2*1)}); counts[2] != want {
		t.Errorf("the convolution: %+v, want %+v", counts[2], want)
	}
}

func TestFail(t *testing.T) {
	cause := errors.New("cause")
	if err := engine.Fail("what", cause); !errors.Is(err, cause) || err.Error() != "runtime: what: cause" {
		t.Error(err)
	}
	if err := engine.Fail("what", nil); err.Error() != "runtime: what" {
		t.Error(err)
	}
}
