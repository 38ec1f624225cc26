package facts

import "ann2snn/snn"

// Rule is how the neurons of a layer turn currents into levels. What a rule computes is
// said where the specification has it, in internal/engine/spec.
type Rule uint8

// The rules.
const (
	NoRule Rule = iota // of a layer without neurons, or in a mode that is not known
	Analog
	Quantise
	Capped
	WaitingIncrement
	Increment
	Waiting
	Refine
	Signed
	Rate
)

// rules says which neurons follow each rule; the first that applies is taken. The modes
// of re-stimulation differ in later steps only, so that those of a single step follow
// none of theirs.
var rules = [...]rule{
	NoRule:           {name: "none", applies: func(*snn.Network, *snn.Neuron) bool { return false }},
	Analog:           {name: "analog", corrects: true, applies: isAnalog},
	Quantise:         {name: "quantise", applies: func(_ *snn.Network, u *snn.Neuron) bool { return u.Act.Fn == snn.Quantise }},
	Capped:           {name: "capped", general: Increment, corrects: true, totals: true, applies: isCapped},
	WaitingIncrement: {name: "waiting increment", corrects: true, applies: func(n *snn.Network, u *snn.Neuron) bool { return !u.Act.Fn.Integrates() && n.Waits() }},
	Increment:        {name: "increment", corrects: true, applies: func(_ *snn.Network, u *snn.Neuron) bool { return !u.Act.Fn.Integrates() }},
	Waiting:          {name: "waiting", applies: func(n *snn.Network, _ *snn.Neuron) bool { return n.Waits() }},
	Refine:           {name: "refine", corrects: true, totals: true, applies: func(n *snn.Network, _ *snn.Neuron) bool { return n.Refines() }},
	Signed: {name: "signed", corrects: true, totals: true, applies: func(n *snn.Network, u *snn.Neuron) bool {
		return n.Steps > 1 && n.Restim == snn.RestimSigned && !u.Signed // where the sum may be negative nothing is to be held
	}},
	Rate: {name: "rate", applies: func(n *snn.Network, _ *snn.Neuron) bool {
		return n.Steps == 1 || n.Restim == snn.RestimNone || n.Restim == snn.RestimSigned
	}},
}

// rule is what there is to know about one rule.
type rule struct {
	name     string
	applies  func(n *snn.Network, u *snn.Neuron) bool
	general  Rule // a rule that gives the same levels and is slower; NoRule if there is none
	corrects bool // levels may be negative though the neurons are not Signed
	totals   bool // neurons that are not Signed hold the sum of their levels above 0
}

func isAnalog(_ *snn.Network, u *snn.Neuron) bool { return u.Format == (snn.Format{}) }

// isCapped reports whether neurons are rectifiers with an upper bound, such as ReLU6, in a
// network of integers that refines.
func isCapped(n *snn.Network, u *snn.Neuron) bool {
	return n.Integer && n.Refines() && u.Act.Fn == snn.Clip && u.Act.A == 0 && !u.Signed
}

// RuleOf returns the rule that a layer's neurons follow.
func RuleOf(n *snn.Network, l *snn.Layer) Rule {
	if l.Neuron == nil {
		return NoRule
	}
	for r := range rules {
		if rules[r].applies(n, l.Neuron) {
			return Rule(r)
		}
	}
	return NoRule
}

// Rules lists the rules that neurons follow.
func Rules() []Rule {
	var all []Rule
	for r := Analog; int(r) < len(rules); r++ {
		all = append(all, r)
	}
	return all
}

// String returns the name of a rule.
func (r Rule) String() string { return rules[r].name }

// General returns a rule that gives the same levels and is slower: who does not know r may
// follow that one. It is NoRule where there is none.
func (r Rule) General() Rule { return rules[r].general }

// Totals reports whether neurons hold the sum of their levels above 0, or, where they are
// Signed, would.
func (r Rule) Totals() bool { return rules[r].totals }
