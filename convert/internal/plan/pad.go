package plan

import (
	"errors"

	"ann2snn/ir"
)

// lowerPad plans a padding by zeros, which no spikes arrive from, or by copies.
func lowerPad(p *planner, n *ir.Node) error {
	v := p.in(n, 0)
	if v == nil {
		return errConstantInput
	}
	if len(n.In) > 2 && n.In[2] != ir.None {
		if t := p.constant(n, 2); t == nil || t.F[0] != 0 {
			return errors.New("it pads by other values than 0")
		}
	}
	return p.move(n, v, p.constant(n, 1), nil, p.constant(n, 3))
}
