package plan

import (
	"ann2snn/internal/ann"
	"ann2snn/ir"
)

// lowerActivation plans neurons of the activation that an operator alone determines.
func lowerActivation(p *planner, n *ir.Node) error {
	act, _ := ann.Activation(n.Op)
	return p.activate(n, act)
}
