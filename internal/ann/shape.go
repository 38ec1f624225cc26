package ann

import "ann2snn/ir"

func buildShape(op ir.ShapeOf, n *node) (step, error) {
	t, err := op.Infer(n.types())
	if err != nil {
		return nil, err
	}
	n.out[0].constant = t[0].Const
	return nil, nil
}
