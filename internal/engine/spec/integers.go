package spec

import (
	"ann2snn/internal/facts"
	"ann2snn/internal/kernels/spike"
	"ann2snn/snn"
)

// integers is the arithmetic of integer networks. It has been proven that nothing
// overflows.
var integers = arithmetic[int32]{
	adder: intAdder,
	bias:  func(w *snn.Weights) []int32 { return w.IntBias },
	sum:   func(o *snn.Sum) (factors [][]int32, bias []int32) { return o.Mult, o.IntBias },
	input: intInput,
	rule:  intRule,
	parts: intParts,
}

func intAdder(in, out snn.Shape, window snn.Window, groups int, w *snn.Weights) adder[int32] {
	if groups == in.C {
		return spike.NewDepthwise[int32](in, out, window, w.Q)
	}
	return spike.NewConv[int32](in, out, window, groups, w.Q)
}

func intInput(l *snn.Layer) func(x float32, place int) int32 {
	op, _ := l.Op.(snn.Input)
	return func(x float32, place int) int32 { return op.Level(x, l.LevelValueAt(place)) }
}

func intRule(n *snn.Network, l *snn.Layer) rule[int32] {
	c := l.Shape.C
	g := integrator[int32]{
		theta: l.Neuron.IntThreshold, start: make([]int32, c),
		share: make([]float64, c), unit: make([]float64, c), level: make([]float64, c),
		q: int32(l.Neuron.Format.Max()), signed: l.Neuron.Signed,
	}
	for i, theta := range l.Neuron.IntThreshold {
		g.start[i], g.share[i], g.unit[i] = theta/2, 1/float64(theta), float64(l.Unit[i])
		g.level[i] = float64(theta) * g.unit[i]
	}
	return intRules[facts.RuleOf(n, l)](g, n, l)
}
