package spec

import (
	"ann2snn/internal/facts"
	"ann2snn/internal/kernels/spike"
	"ann2snn/snn"
)

// floats is the arithmetic of float networks.
var floats = arithmetic[float32]{
	adder: floatAdder,
	bias:  func(w *snn.Weights) []float32 { return w.Bias },
	sum:   func(o *snn.Sum) (factors [][]float32, bias []float32) { return o.Factors, o.Bias },
	input: func(*snn.Layer) func(float32, int) float32 { return func(x float32, _ int) float32 { return x } },
	rule:  floatRule,
	parts: floatParts,

	finite: func(current []float32) bool {
		for _, x := range current {
			if d := x - x; d != 0 { // NaN or infinite
				return false
			}
		}
		return true
	},
}

func floatAdder(in, out snn.Shape, window snn.Window, groups int, w *snn.Weights) adder[float32] {
	if groups == in.C {
		return spike.NewDepthwise[float32](in, out, window, w.F)
	}
	return spike.NewConv[float32](in, out, window, groups, w.F)
}

func floatRule(n *snn.Network, l *snn.Layer) rule[float32] {
	c := l.Shape.C
	g := integrator[float32]{
		theta: make([]float32, c), start: make([]float32, c), level: make([]float64, c),
		q: float32(l.Neuron.Format.Max()), signed: l.Neuron.Signed,
	}
	for i, threshold := range l.Neuron.Threshold {
		g.theta[i], g.start[i], g.level[i] = 1/threshold, 0.5, float64(threshold)
	}
	g.unit = g.level
	return floatRules[facts.RuleOf(n, l)](g, n, l)
}
