package plan

import (
	"errors"

	"ann2snn/ir"
)

// lowerThresholdedRelu plans neurons that are silent up to a threshold of their own.
func lowerThresholdedRelu(p *planner, n *ir.Node) error {
	if op, _ := n.Op.(ir.ThresholdedRelu); op.Alpha < 0 {
		return errors.New("its threshold is negative")
	}
	return lowerActivation(p, n)
}
