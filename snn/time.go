package snn

import "math"

// Waits reports whether neurons fire only after all steps of their inputs. With a single
// step all modes are the same.
func (n *Network) Waits() bool { return n.Restim == RestimWaiting && n.Steps > 1 }

// Refines reports whether later steps are worth less than the first, to which the input
// and the biases belong. With a single step all modes are the same.
func (n *Network) Refines() bool { return n.Restim == RestimRefine && n.Steps > 1 }

// Latency is the number of time steps from the first input to the complete answer. A spike
// arrives in the step in which it is emitted, so that it is Steps, unless neurons wait:
// then a layer of neurons emits its first spike when its inputs emit their last one, and
// every such layer on the longest way to the output adds Steps-1.
func (n *Network) Latency() int {
	if !n.Waits() {
		return n.Steps
	}
	depth := make([]int, len(n.Layers))
	for i := range n.Layers {
		for _, from := range n.Layers[i].In {
			depth[i] = max(depth[i], depth[from])
		}
		if n.Layers[i].Neuron != nil {
			depth[i]++
		}
	}
	return n.Steps + depth[n.Output]*(n.Steps-1)
}

// Span returns what a membrane holds after step t (from 1), in units of the step, if every
// step adds a current whose value is 1 and no spike takes anything off: t, or Rho^(t-1)
// with RestimRefine. A sum of levels over the steps 1 to t divided by it is their value.
func (n *Network) Span(t int) float64 {
	if n.Restim == RestimRefine {
		return math.Pow(float64(n.Rho), float64(t-1))
	}
	return float64(t)
}

// SumOverSteps bounds the sum over all steps, in units of the last one, of what is at most
// most in each. It returns 2^48 where the bound is larger.
func (n *Network) SumOverSteps(most int64) int64 {
	const beyond = 1 << 48
	sum := int64(0)
	for range n.Steps {
		sum = min(sum*int64(n.Rho)+most, beyond)
	}
	return sum
}
