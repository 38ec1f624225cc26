package runtime_test

import (
	"slices"
	"testing"

	"ann2snn/snn"
)

// TestMaxPoolSteps: with several steps a pool emits how much the maximum of the running
// sums grows.
func TestMaxPoolSteps(t *testing.T) {
	for _, c := range []struct {
		name   string
		restim snn.Restim
		rho    int
		want   [][]int32 // levels of both neurons and of the pool, by step
	}{
		// Both neurons have a threshold of 4 and get 9 and 5 in every step.
		{"rate", snn.RestimNone, 1, [][]int32{{2, 1, 2}, {3, 2, 3}, {2, 1, 2}}},
		// They get 9 and 5 once, and refine 9 = 4*(2 + 1/4) and 5 = 4*(1 + 1/4).
		{"refine", snn.RestimRefine, 2, [][]int32{{2, 1, 2}, {1, 1, 1}, {-1, -1, -1}}},
	} {
		s := run(t, twoPooled(c.restim, c.rho), []float32{9, 5})
		for step, want := range c.want {
			got := append(must(s.Levels(1, step+1)), must(s.Levels(2, step+1))...)
			if !slices.Equal(got, want) {
				t.Errorf("%s: step %d: %v, want %v", c.name, step+1, got, want)
			}
		}
	}
}

// TestMaxPoolChangesWinner: the first neuron gets 8, -8, 8 and its spikes add up to
// 2, 0, 2; the second gets 4 in every step, which adds up to 1, 2, 3.
func TestMaxPoolChangesWinner(t *testing.T) {
	n := twoPooled(snn.RestimSigned, 1)
	first := n.Layers[1] // on a current of 2 its neurons emit 1, 0, 1
	second := first
	second.In = []int{1, 0}
	second.Op = snn.Sum{Factors: [][]float32{{16, 0}, {-4, 2}}}
	pool := n.Layers[2]
	pool.In = []int{2}
	n.Layers, n.Output = []snn.Layer{n.Layers[0], first, second, pool}, 3
	s := run(t, n, []float32{2, 2})
	for step, want := range []int32{2, 0, 1} {
		if got := must(s.Levels(3, step+1))[0]; got != want {
			t.Errorf("step %d: %d, want %d", step+1, got, want)
		}
	}
}

// twoPooled returns a network of two neurons, driven by its input, and their maximum.
func twoPooled(restim snn.Restim, rho int) *snn.Network {
	return &snn.Network{
		Steps: 3, Restim: restim, Rho: rho, Output: 2,
		Layers: []snn.Layer{
			{Name: "x", Op: snn.Input{}, Shape: snn.Shape{H: 1, W: 2, C: 1}},
			{
				Name: "neurons", Op: snn.Sum{Factors: [][]float32{{1}}}, In: []int{0},
				Shape: snn.Shape{H: 1, W: 2, C: 1}, Scale: []float32{4},
				Neuron: &snn.Neuron{Format: snn.Format{M: 4}, Threshold: []float32{4}},
			},
			{
				Name: "max", In: []int{1}, Shape: snn.Shape{H: 1, W: 1, C: 1}, Scale: []float32{4},
				Op: snn.MaxPool{Window: snn.Window{Kernel: [2]int{1, 2}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}}},
			},
		},
	}
}
