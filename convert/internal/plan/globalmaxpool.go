package plan

import "ann2snn/ir"

func lowerGlobalMaxPool(p *planner, n *ir.Node) error {
	v, err := p.mapInput(n)
	if err != nil {
		return err
	}
	p.pool(n, MaxPool{overAll(naturalShape(v.dims))}, v)
	return nil
}
