package plan

import (
	"ann2snn/ir"
	"ann2snn/snn"
)

func lowerLogSoftmax(p *planner, n *ir.Node) error {
	op, _ := n.Op.(ir.LogSoftmax)
	return p.normalise(n, op.Axis, op.Flatten, snn.HostLogSoftmax, snn.HostGroupLogSoftmax)
}
