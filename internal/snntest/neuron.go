package snntest

import (
	"slices"

	"pgregory.net/rapid"

	"ann2snn/snn"
)

// neurons gives l neurons of random format, thresholds and activation.
func (b *builder) neurons(l *snn.Layer) {
	bits := b.spec.Bits
	if bits == 0 {
		bits = b.int("bits", 1, 8)
	}
	m := b.int("integer bits", 0, bits)
	n := &snn.Neuron{Format: snn.Format{M: uint8(m), N: uint8(bits - m)}}
	if b.spec.Integer {
		n.IntThreshold = narrow[int32](ints(b.t, "level", l.Shape.C, 1, 300))
		for c, level := range n.IntThreshold {
			if b.spec.Dyadic {
				level = 1 << (level % 9)
				n.IntThreshold[c] = level
			}
			n.Threshold = append(n.Threshold, float32(level)*l.Unit[c])
		}
	} else {
		n.Threshold = powers(b.t, "threshold", l.Shape.C, -5, 1)
	}
	l.Neuron, l.Scale = n, n.Threshold
	n.Act.Fn = snn.Rectify
	if rapid.Bool().Draw(b.t, "linear") {
		n.Act.Fn, n.Signed = snn.Linear, true
	}
	if !b.spec.Plain && b.int("increment rule", 0, 2) == 0 {
		b.activation(n, l.Shape.C)
	}
}

func (b *builder) activation(n *snn.Neuron, channels int) {
	fns := snn.ActFns()[snn.LeakyRelu:]
	if !b.spec.Integer || b.net.Steps > 1 {
		fns = slices.DeleteFunc(fns, func(fn snn.ActFn) bool { return fn == snn.Quantise })
	}
	n.Act.Fn = fns[b.int("activation", 0, len(fns)-1)]
	n.Signed = true
	n.Act.A = 0.25
	switch n.Act.Fn {
	case snn.PRelu:
		n.Act.Slope = dyadic(b.t, "slope", channels, 8, 4)
	case snn.Clip:
		n.Act.A, n.Act.B, n.Signed = 0, float32(b.int("cap", 1, 8)), false
	case snn.Quantise:
		b.quantise(n)
	case snn.HardSigmoid, snn.Log:
		n.Act.B = 0.5
	case snn.Power:
		powers := []float32{0.5, -0.5, -1, 1.5}
		n.Act.A, n.Act.B = powers[b.int("power", 0, len(powers)-1)], 0.125
	}
}

// quantise gives neurons a range of levels around 0. Their thresholds, which need not be whole
// numbers of units, are all the same.
func (b *builder) quantise(n *snn.Neuron) {
	most, step := n.Format.Max(), n.Threshold[0]*1.25
	for c := range n.Threshold {
		n.Threshold[c] = step
	}
	low, high := b.int("lowest level", 0, most), b.int("highest level", 0, most)
	n.Act.A, n.Act.B, n.Signed = -float32(low)*step, float32(high)*step, low > 0
}
