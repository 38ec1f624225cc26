package plan

import "ann2snn/ir"

func lowerAdd(p *planner, n *ir.Node) error {
	a, b := p.in(n, 0), p.in(n, 1)
	switch {
	case a == nil && b == nil:
		return errConstantInput
	case b == nil:
		return p.affine(n, 0, nil, p.constant(n, 1))
	case a == nil:
		return p.affine(n, 1, nil, p.constant(n, 0))
	}
	return p.combine(n, 1)
}
