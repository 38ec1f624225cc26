package plan

import (
	"errors"
	"fmt"
	"slices"

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
	case ir.Pow:
		return p.power(n, a, b)
	case ir.Div:
		if b != nil {
			return errors.New("division by an activation is not linear in spikes")
		}
		return p.affine(n, 0, mapped(p.constant(n, 1), func(x float32) float32 { return 1 / x }), nil)
	}
	return fmt.Errorf("%v is not linear in spikes", op.Fn)
}

// power plans neurons for a power whose exponent is one number.
func (p *planner) power(n *ir.Node, base, exponent *value) error {
	if base == nil || exponent != nil {
		return errors.New("a power of which the exponent depends on the input is not an activation of neurons")
	}
	c := p.constant(n, 1)
	if len(c.F) == 0 {
		return errors.New("its exponent is not a float")
	}
	least, most := slices.Min(c.F), slices.Max(c.F)
	switch {
	case least != most || !slices.Equal(base.dims, p.Graph.Type(n.Out[0]).Shape.Ints()):
		return errors.New("a power whose exponents differ from element to element is not an activation of neurons")
	case least == 0 || least-least != 0:
		return fmt.Errorf("a power of %v is not an activation of neurons", least)
	}
	return p.follow(n, powerOf(least))
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
