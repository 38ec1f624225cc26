package plan

import (
	"fmt"

	"ann2snn/ir"
)

func lowerUnary(p *planner, n *ir.Node) error {
	op, _ := n.Op.(ir.Unary)
	if op.Fn != ir.Neg {
		return fmt.Errorf("%v is neither linear in spikes nor an activation of neurons", op.Fn)
	}
	if p.in(n, 0) == nil {
		return errConstantInput
	}
	return p.affine(n, 0, ir.Floats([]float32{-1}), nil)
}
