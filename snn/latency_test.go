package snn

import "testing"

// TestLatency: only neurons that wait make the answer later than the last step, and only
// those on the longest way to the output.
func TestLatency(t *testing.T) {
	neuron := &Neuron{}
	n := &Network{Steps: 4, Output: 5, Layers: []Layer{
		{},                                // input
		{In: []int{0}, Neuron: neuron},    // the short way
		{In: []int{0}, Neuron: neuron},    // the long way
		{In: []int{2}},                    // a pool
		{In: []int{3}, Neuron: neuron},    //
		{In: []int{1, 4}},                 // the readout
		{In: []int{4, 5}, Neuron: neuron}, // behind it
	}}
	for _, c := range []struct {
		restim        Restim
		steps, latent int
	}{
		{RestimNone, 4, 4}, {RestimRefine, 4, 4}, {RestimWaiting, 4, 10}, {RestimWaiting, 1, 1},
	} {
		n.Restim, n.Steps = c.restim, c.steps
		if got := n.Latency(); got != c.latent {
			t.Errorf("mode %d, %d steps: latency %d, want %d", c.restim, c.steps, got, c.latent)
		}
	}
}
