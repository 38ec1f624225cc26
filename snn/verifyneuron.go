package snn

import "slices"

func (v *verifier) neuron(l *Layer, n *Neuron) {
	c := l.Shape.C
	v.check(len(n.Threshold) == c && positive(n.Threshold), "needs a positive threshold per channel")
	v.check(n.Act.Fn.Known(), "unknown activation (use a newer ann2snn?)")
	v.check(n.Act.Fn != Rectify || !n.Signed, "a rectifying neuron has no negative values")
	v.check(n.Act.Fn != Linear || n.Signed, "a linear neuron must be signed")
	v.check(finite([]float32{n.Act.A, n.Act.B}) && finite(n.Act.Slope), "the activation's parameters must be finite")
	v.check(n.Act.Fn != PRelu || len(n.Act.Slope) == c, "PRelu needs a slope per channel")
	v.check(n.Act.Fn != Clip || n.Act.A <= n.Act.B, "Clip has an empty range")
	if n.Act.Fn == Quantise {
		v.check(v.net.Integer && v.net.Steps == 1, "neurons that quantise need an integer network of one step")
		v.check(!slices.ContainsFunc(n.Threshold, func(x float32) bool { return x != n.Threshold[0] }), "neurons that quantise have one threshold for all channels")
		v.check(n.Act.A <= 0 && 0 <= n.Act.B, "the range of Quantise does not hold 0")
		v.check(n.Signed == (n.Act.A < 0), "a neuron that quantises is signed where its range has negative values")
	}
	v.check(n.Act.Fn != ThresholdedRelu || n.Act.A >= 0, "the threshold of a thresholded ReLU must not be negative")
	v.check(n.Act.Fn != Log || n.Act.B > 0, "the argument of a logarithm must be above 0")
	v.check(n.Act.Fn != Power || n.Act.A != 0 && n.Act.B >= 0 && (n.Act.A > 0 || n.Act.B > 0), "the base of a power must not be negative, nor 0 where the exponent is negative")
	v.check(int(n.Format.M)+int(n.Format.N) <= MaxBits, "a spike has at most 8 bits")
	if n.Format == (Format{}) {
		v.check(v.net.Steps == 1 && !v.net.Integer, "an analog neuron needs a float network of one step")
	}
	if v.net.Integer {
		v.check(len(n.IntThreshold) == c, "needs an IntThreshold per channel in an integer network")
		v.check(len(l.Scale) == 1 || len(l.Scale) == c, "spikes need a Scale, one for all or one per channel")
		for _, theta := range n.IntThreshold {
			if !v.check(theta >= 1, "IntThreshold must be at least 1") {
				break
			}
		}
		return
	}
	v.check(n.IntThreshold == nil, "IntThreshold is for integer networks")
	v.scaleIsThreshold(l, n)
}

// scaleIsThreshold checks that a spike's level is worth one threshold.
func (v *verifier) scaleIsThreshold(l *Layer, n *Neuron) {
	if !v.check(len(l.Scale) == 1 || len(l.Scale) == l.Shape.C, "spikes need a Scale, one for all or one per channel") {
		return
	}
	for c, threshold := range n.Threshold {
		if !v.check(l.LevelValueAt(c) == threshold, "Scale must equal the neurons' thresholds") {
			return
		}
	}
}
