package plan

import (
	"fmt"

	"ann2snn/internal/ann"
	"ann2snn/ir"
	"ann2snn/snn"
)

// lowerUnary negates weights, or plans neurons that follow a curve.
func lowerUnary(p *planner, n *ir.Node) error {
	op, _ := n.Op.(ir.Unary)
	if p.in(n, 0) == nil {
		return errConstantInput
	}
	if op.Fn == ir.Neg {
		return p.affine(n, 0, ir.Floats([]float32{-1}), nil)
	}
	act, ok := curveOf(op)
	if !ok {
		return fmt.Errorf("%v is neither linear in spikes nor an activation of neurons", op.Fn)
	}
	return p.follow(n, act)
}

// follow plans neurons that follow a curve, for an operator that may have other meanings.
func (p *planner) follow(n *ir.Node, act snn.Activation) error {
	p.Nodes[p.node].Class = Spiking
	return p.activate(n, act)
}

// curveOf returns the curve of a function. Where that ends at a pole, where it starts is left
// to the calibration.
func curveOf(op ir.Unary) (snn.Activation, bool) {
	switch op.Fn {
	case ir.Exp:
		return snn.Activation{Fn: snn.Exp}, true
	case ir.Log:
		return snn.Activation{Fn: snn.Log}, true
	case ir.Sqrt:
		return powerOf(0.5), true
	case ir.Reciprocal:
		return powerOf(-1), true
	}
	return ann.Activation(op)
}

// powerOf returns the curve of a power.
func powerOf(exponent float32) snn.Activation {
	if exponent == 2 {
		return snn.Activation{Fn: snn.Square}
	}
	return snn.Activation{Fn: snn.Power, A: exponent}
}
