package c99

import (
	"fmt"
	"math"

	"ann2snn/export/target"
	"ann2snn/internal/facts"
	"ann2snn/snn"
)

// check lists why a network cannot be exported. Whatever can be is exact.
func check(n *snn.Network) []target.Loss {
	var losses []target.Loss
	refuse := func(layer, way, what string, args ...any) {
		losses = append(losses, target.Loss{Layer: layer, What: fmt.Sprintf(what, args...), Way: way, Fatal: true})
	}
	if !n.Integer {
		refuse("", "weights of int8", "the network computes with float32")
		return losses
	}
	f, err := facts.Proven(n)
	if err != nil {
		refuse("", "fewer bits or steps", "%v", err)
		return losses
	}
	if !n.Restim.Known() {
		refuse("", "another mode of re-stimulation", "re-stimulation of mode %v has no rule in C", n.Restim)
	}
	for i := range n.Layers {
		l := &n.Layers[i]
		switch l.Op.(type) {
		case snn.Input, snn.Conv, snn.Dense, snn.Sum, snn.Product, snn.SumPool, snn.Concat, snn.Gather:
		case snn.MaxPool:
			if most := n.SumOverSteps(f.Facts[l.In[0]].Largest()); most > math.MaxInt32 {
				refuse(l.Name, "fewer steps or a smaller rho", "sums over the steps may reach %d, beyond 32 bits", most)
			}
		default:
			refuse(l.Name, "", "the operator %s has no rule in C", l.Op.Kind())
		}
		if l.Neuron != nil {
			checkNeuron(n, l, f.Facts[i].Rule, refuse)
		}
	}
	if most := n.SumOverSteps(f.Facts[n.Output].Largest()); most > math.MaxInt32 {
		refuse(n.Layers[n.Output].Name, "fewer steps or a smaller rho", "the output summed over the steps may reach %d, beyond 32 bits", most)
	}
	return losses
}

func checkNeuron(n *snn.Network, l *snn.Layer, rule facts.Rule, refuse func(layer, way, what string, args ...any)) {
	if formOf(n, rule) == nil {
		refuse(l.Name, "another mode of re-stimulation", "neurons of the rule %v (re-stimulation %v) have no form in C", rule, n.Restim)
	}
	if !l.Neuron.Act.Fn.Known() {
		refuse(l.Name, "", "the activation %v has no rule in C", l.Neuron.Act.Fn)
	}
	if most := n.SumOverSteps(int64(l.Neuron.Format.Max())); !l.Neuron.Act.Fn.Integrates() && most > math.MaxInt32 {
		refuse(l.Name, "fewer steps or a smaller rho", "levels over the steps may reach %d, beyond 32 bits", most)
	}
	highest := levelBits(n, l.Neuron) - 1
	for c, theta := range l.Neuron.IntThreshold {
		if part := int64(theta) << highest; part > math.MaxInt32 {
			refuse(l.Name, "fewer bits", "the threshold %d of channel %d times 2^%d is beyond 31 bits", theta, c, highest)
			return
		}
	}
}
