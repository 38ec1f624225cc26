package plan

import (
	"errors"
	"fmt"

	"ann2snn/ir"
)

func lowerMatMul(p *planner, n *ir.Node) error {
	w := p.constant(n, 1)
	if w == nil {
		if p.constant(n, 0) != nil {
			return errors.New("its left operand is constant, want the right one")
		}
		return errors.New("the product of two activations is not linear in spikes")
	}
	v, err := p.activation(n)
	if err != nil {
		return err
	}
	if len(w.Shape) != 2 {
		return fmt.Errorf("its right operand has shape %v, want a matrix", w.Shape)
	}
	p.product(n, v, matrix{t: w, factor: 1}, nil)
	return nil
}
