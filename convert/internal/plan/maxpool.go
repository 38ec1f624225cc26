package plan

import (
	"ann2snn/ir"
	"ann2snn/snn"
)

// MaxPool is a planned maximum over windows.
type MaxPool struct{ Window snn.Window }

func lowerMaxPool(p *planner, n *ir.Node) error {
	op, _ := n.Op.(ir.MaxPool)
	v, err := p.mapInput(n)
	if err != nil {
		return err
	}
	window, _, err := windowOf(op.Window, op.Kernel, v.dims[2:])
	if err != nil {
		return err
	}
	p.pool(n, MaxPool{window}, v)
	return nil
}
