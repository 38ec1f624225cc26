package plan

import (
	"ann2snn/ir"
	"ann2snn/snn"
)

// lowerSigmoid plans neurons, or a host operator at the output.
func lowerSigmoid(p *planner, n *ir.Node) error {
	if p.in(n, 0) != nil && p.readout[n.Out[0]] {
		p.onHost(n, snn.HostSigmoid)
		return nil
	}
	return lowerActivation(p, n)
}
