package c99

import (
	"fmt"
	"math"
	"math/bits"

	"ann2snn/export/target"
	"ann2snn/snn"
)

// check lists why a network cannot be exported. Whatever can be is exact.
func check(n *snn.Network) []target.Loss {
	var losses []target.Loss
	refuse := func(layer, way, what string, args ...any) {
		losses = append(losses, target.Loss{Layer: layer, What: fmt.Sprintf(what, args...), Way: way, Fatal: true})
	}
	if !n.Integer {
		refuse("", "convert --weights int8", "the network computes with float32")
		return losses
	}
	ranges, err := n.Ranges()
	if err != nil {
		refuse("", "fewer bits or steps", "%v", err)
		return losses
	}
	if n.Restim > snn.RestimWaiting {
		refuse("", "--restim none, signed, refine or waiting", "re-stimulation of mode %v has no rule in C", n.Restim)
	}
	for i := range n.Layers {
		l := &n.Layers[i]
		switch l.Op.(type) {
		case snn.Input, snn.Conv, snn.Dense, snn.Sum, snn.SumPool, snn.Concat, snn.Gather:
		case snn.MaxPool:
			if most := overSteps(n, ranges[l.In[0]].Output); most > math.MaxInt32 {
				refuse(l.Name, "fewer steps or a smaller --rho", "sums over the steps may reach %d, beyond 32 bits", most)
			}
		default:
			refuse(l.Name, "", "the operator %s has no rule in C", l.Op.Kind())
		}
		if l.Neuron != nil {
			checkNeuron(n, l, refuse)
		}
	}
	if most := overSteps(n, ranges[n.Output].Output); most > math.MaxInt32 {
		refuse(n.Layers[n.Output].Name, "fewer steps or a smaller --rho", "the output summed over the steps may reach %d, beyond 32 bits", most)
	}
	return losses
}

func checkNeuron(n *snn.Network, l *snn.Layer, refuse func(layer, way, what string, args ...any)) {
	if !l.Neuron.Act.Fn.Known() {
		refuse(l.Name, "", "the activation %v has no rule in C", l.Neuron.Act.Fn)
	}
	if most := overSteps(n, int64(l.Neuron.Format.Max())); !l.Neuron.Act.Fn.Integrates() && most > math.MaxInt32 {
		refuse(l.Name, "fewer steps or a smaller --rho", "levels over the steps may reach %d, beyond 32 bits", most)
	}
	highest := levelBits(n, l.Neuron) - 1
	for c, theta := range l.Neuron.IntThreshold {
		if part := int64(theta) << highest; part > math.MaxInt32 {
			refuse(l.Name, "fewer bits", "the threshold %d of channel %d times 2^%d is beyond 31 bits", theta, c, highest)
			return
		}
	}
}

// levelBits is the width of the number of levels that a neuron counts at a time.
func levelBits(n *snn.Network, neuron *snn.Neuron) int {
	if n.Waits() {
		return bits.Len(uint(n.Steps * neuron.Format.Max()))
	}
	return neuron.Format.Bits()
}

// overSteps bounds the sum over the steps, on the bit level of the last one, of what is
// at most most in each.
func overSteps(n *snn.Network, most int64) int64 {
	const beyond = 1 << 48
	sum := int64(0)
	for range n.Steps {
		sum = min(sum*int64(n.Rho)+most, beyond)
	}
	return sum
}
