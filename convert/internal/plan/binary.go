package plan

import (
	"errors"
	"fmt"

	"ann2snn/ir"
)

func lowerBinary(p *planner, n *ir.Node) error {
	op, _ := n.Op.(ir.Binary)
	a, b := p.in(n, 0), p.in(n, 1)
	if a == nil && b == nil {
		return errConstantInput
	}
	switch op.Fn {
	case ir.Sub:
		return p.subtract(n, a, b)
	case ir.Mul:
		switch {
		case b == nil:
			return p.affine(n, 0, p.constant(n, 1), nil)
		case a == nil:
			return p.affine(n, 1, p.constant(n, 0), nil)
		}
		return p.multiply(n, a, b)
	case ir.Div:
		if b != nil {
			return errors.New("division by an activation is not linear in spikes")
		}
		return p.affine(n, 0, mapped(p.constant(n, 1), func(x float32) float32 { return 1 / x }), nil)
	}
	return fmt.Errorf("%v is not linear in spikes", op.Fn)
}

func (p *planner) subtract(n *ir.Node, a, b *value) error {
	switch {
	case b == nil:
		return p.affine(n, 0, nil, mapped(p.constant(n, 1), negative))
	case a == nil:
		return p.affine(n, 1, ir.Floats([]float32{-1}), p.constant(n, 0))
	}
	return p.combine(n, -1)
}

func negative(x float32) float32 { return -x }

// mapped returns f of every element.
func mapped(t *ir.Tensor, f func(float32) float32) *ir.Tensor {
	out := make([]float32, len(t.F))
	for i, x := range t.F {
		out[i] = f(x)
	}
	return ir.Floats(out, t.Shape...)
}
