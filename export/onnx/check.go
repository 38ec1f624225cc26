package onnx

import (
	"fmt"

	"ann2snn/export/target"
	"ann2snn/internal/facts"
	"ann2snn/snn"
)

// check lists what the float form or the QDQ form cannot express.
func check(net *snn.Network, onBytes bool) []target.Loss {
	if fatal := refuse(net, onBytes); len(fatal) > 0 {
		return fatal
	}
	w, err := write(net, "check", onBytes, exact)
	if err != nil {
		return []target.Loss{{What: err.Error(), Way: "fewer bits or steps", Fatal: true}}
	}
	return w.losses
}

// refuse lists what makes an export impossible.
func refuse(net *snn.Network, onBytes bool) []target.Loss {
	var losses []target.Loss
	fatal := func(layer, what, way string) {
		losses = append(losses, target.Loss{Layer: layer, What: what, Way: way, Fatal: true})
	}
	if !net.Integer {
		fatal("", "the network computes with float32, whose sums depend on their order", "weights of int8")
	}
	if !net.Restim.Known() {
		fatal("", fmt.Sprintf("there is no rule for re-stimulation mode %v", net.Restim), "another mode of re-stimulation")
	}
	if onBytes && net.Steps > 1 {
		fatal("", fmt.Sprintf("the QDQ form is for one time step, the network has %d", net.Steps), "one step, or the target "+floatName)
	}
	for i := range net.Layers {
		l := &net.Layers[i]
		if !hasRule(l.Op) {
			fatal(l.Name, "there is no rule for the operator "+l.Op.Kind(), "another target")
		}
		if rule := facts.RuleOf(net, l); l.Neuron != nil && net.Integer && formOf(rule) == nil {
			fatal(l.Name, fmt.Sprintf("neurons of the rule %v (re-stimulation %v) have no form in ONNX", rule, net.Restim), "another mode of re-stimulation, or another target")
		}
		if l.Neuron != nil && !hasCurve(l.Neuron.Act.Fn) {
			fatal(l.Name, fmt.Sprintf("there is no rule for the activation %v", l.Neuron.Act.Fn), "another target")
		}
	}
	for _, h := range net.Host {
		if hostOperators[h.Fn] == "" {
			fatal(h.Name, fmt.Sprintf("there is no rule for the host operator %v", h.Fn), "another target")
		}
	}
	return losses
}

// hasRule reports whether operator knows op.
func hasRule(op snn.Op) bool {
	switch op.(type) {
	case snn.Input, snn.Conv, snn.Dense, snn.Sum, snn.Product, snn.SumPool, snn.MaxPool, snn.Concat, snn.Gather:
		return true
	}
	return false
}

// hasCurve reports whether neurons of an activation can be written.
func hasCurve(fn snn.ActFn) bool {
	return activations[fn] != nil || fn.Known() && fn.Integrates()
}
