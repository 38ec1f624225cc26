package u8

import (
	"testing"

	"ann2snn/internal/engine"
	"ann2snn/internal/facts"
	"ann2snn/internal/kernels/cpu"
	"ann2snn/snn"
)

// TestChoices: a choice is obeyed. Without trials, layers for which a way exists take it
// always or never.
func TestChoices(t *testing.T) {
	unit := [2]int{1, 1}
	window := snn.Window{Kernel: [2]int{3, 3}, Stride: unit, Dilation: unit, Pad: [4]int{1, 1, 1, 1}}
	shape, format := snn.Shape{H: 8, W: 8, C: 16}, snn.Format{M: 1, N: 3}
	bias, theta, scale := make([]int32, shape.C), make([]int32, shape.C), make([]float32, shape.C)
	for i := range theta {
		theta[i], scale[i] = 1, 1
	}
	n := &snn.Network{
		Steps: 1, Rho: 1, Integer: true, Output: 2,
		Layers: []snn.Layer{
			{Op: snn.Input{Levels: 15}, Shape: shape, Scale: scale[:1], Density: 0.05},
			{Op: snn.Conv{W: snn.Weights{Q: make([]int8, 9*16*16), IntBias: bias}, Window: window, Groups: 1}, In: []int{0}, Shape: shape, Neuron: &snn.Neuron{Format: format, Threshold: scale, IntThreshold: theta}, Scale: scale, Unit: scale},
			{Op: snn.Dense{W: snn.Weights{Q: make([]int8, shape.Len()), IntBias: make([]int32, 1)}}, In: []int{1}, Shape: snn.Shape{H: 1, W: 1, C: 1}, Unit: scale[:1]},
		},
	}
	f, err := facts.Proven(n)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		winograd, sparse           Choice
		takesWinograd, takesSparse bool
	}{
		{Always, Never, true, false},
		{Never, Always, false, true},
		{Never, Never, false, false},
		{Always, Always, false, true}, // a layer with a list takes no other way
	} {
		whole := engine.Whole(n)
		p, err := Compile(t.Context(), f, n, &whole, Options{Kernels: cpu.Default(), Winograd: test.winograd, Sparse: test.sparse})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range p.stages {
			s, ok := s.(*fireStage)
			if !ok {
				continue
			}
			if winograd, sparse := s.winograd != nil, s.conv.sparse != nil; winograd != test.takesWinograd || sparse != test.takesSparse {
				t.Errorf("%+v: Winograd %v, sparse %v", test, winograd, sparse)
			}
		}
	}
}
