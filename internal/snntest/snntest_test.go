package snntest_test

import (
	"testing"

	"pgregory.net/rapid"

	"ann2snn/internal/facts"
	"ann2snn/internal/snntest"
	"ann2snn/snn"
)

// TestNetworks: drawn networks are valid and safe to run, and together hold every operator,
// activation, mode and, but for the analog one, rule of neurons.
func TestNetworks(t *testing.T) {
	networks := rapid.Custom(func(t *rapid.T) *snn.Network { return snntest.Network(t, snntest.DrawSpec(t)) })
	ops, modes, functions, rules := map[string]bool{}, map[snn.Restim]bool{}, map[snn.ActFn]bool{}, map[facts.Rule]bool{}
	for seed := range 1000 {
		n := networks.Example(seed)
		if err := n.Verify(); err != nil {
			t.Fatal(err)
		}
		f, err := facts.Proven(n)
		if err != nil {
			t.Fatal(err)
		}
		modes[n.Restim] = true
		for i, l := range n.Layers {
			ops[l.Op.Kind()], rules[f.Facts[i].Rule] = true, true
			if l.Neuron != nil {
				functions[l.Neuron.Act.Fn] = true
			}
		}
	}
	if len(ops) != 9 || len(modes) != len(snn.Restims()) {
		t.Errorf("drawn operators %v, modes %v", ops, modes)
	}
	for f := snn.ActFn(0); f.Known(); f++ {
		if !functions[f] {
			t.Errorf("no network has the activation %v", f)
		}
	}
	for _, r := range facts.Rules() {
		if !rules[r] && r != facts.Analog {
			t.Errorf("no network has neurons of the rule %v", r)
		}
	}
}
