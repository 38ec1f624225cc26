package ann

import (
	"ann2snn/ir"
	"ann2snn/snn"
)

// Activation returns the activation of neurons that op alone determines, if it does: the
// bounds of a Clip and the slopes of a PRelu are inputs.
func Activation(op ir.Op) (snn.Activation, bool) {
	switch op := op.(type) {
	case ir.Elu:
		return snn.Activation{Fn: snn.Elu, A: op.Alpha}, true
	case ir.HardSigmoid:
		return snn.Activation{Fn: snn.HardSigmoid, A: op.Alpha, B: op.Beta}, true
	case ir.HardSwish:
		return snn.Activation{Fn: snn.HardSwish}, true
	case ir.LeakyRelu:
		return snn.Activation{Fn: snn.LeakyRelu, A: op.Alpha}, true
	case ir.Relu:
		return snn.Activation{Fn: snn.Rectify}, true
	case ir.SiLU:
		return snn.Activation{Fn: snn.SiLU}, true
	case ir.Sigmoid:
		return snn.Activation{Fn: snn.Sigmoid}, true
	case ir.Tanh:
		return snn.Activation{Fn: snn.Tanh}, true
	case ir.ThresholdedRelu:
		return snn.Activation{Fn: snn.ThresholdedRelu, A: op.Alpha}, op.Alpha >= 0
	case ir.Unary:
		fn, ok := curves[op.Fn]
		return snn.Activation{Fn: fn}, ok
	}
	return snn.Activation{}, false
}

// curves holds the functions of one number that neurons can follow.
var curves = map[ir.UnaryFn]snn.ActFn{
	ir.Abs:      snn.Abs,
	ir.Erf:      snn.Erf,
	ir.Gelu:     snn.Gelu,
	ir.GeluTanh: snn.GeluTanh,
	ir.Mish:     snn.Mish,
	ir.Softplus: snn.Softplus,
	ir.Softsign: snn.Softsign,
}

// buildActivation computes an activation by its formula in the table of package snn.
func buildActivation[O ir.Op](op O, n *node) (step, error) {
	act, _ := Activation(op)
	return n.mapFloats(act.Map)
}
