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
	}
	return snn.Activation{}, false
}

// buildActivation computes an activation by its formula in the table of package snn.
func buildActivation[O ir.Op](op O, n *node) (step, error) {
	act, _ := Activation(op)
	return n.mapFloats(act.Map)
}
