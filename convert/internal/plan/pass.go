package plan

import (
	"errors"

	"ann2snn/ir"
)

// lowerPass plans an operator that hands its first input on.
func lowerPass(p *planner, n *ir.Node) error {
	v := p.in(n, 0)
	if v == nil {
		return errConstantInput
	}
	if len(n.Out) > 1 && n.Out[1] != ir.None && p.uses[n.Out[1]] > 0 {
		return errors.New("its second output is used")
	}
	p.put(v.alias(n.Out[0]))
	return nil
}
