package plan

import "ann2snn/ir"

func lowerGlobalAveragePool(p *planner, n *ir.Node) error {
	v, err := p.mapInput(n)
	if err != nil {
		return err
	}
	shape := naturalShape(v.dims)
	p.average(n, SumPool{overAll(shape), []float32{float32(shape.H * shape.W)}}, v)
	return nil
}
