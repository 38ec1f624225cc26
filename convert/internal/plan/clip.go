package plan

import (
	"errors"
	"fmt"
	"math"

	"ann2snn/ir"
	"ann2snn/snn"
)

// lowerClip plans neurons with bounds. A lower bound of 0 alone makes a ReLU.
func lowerClip(p *planner, n *ir.Node) error {
	low, err := p.bound(n, 1, -math.MaxFloat32)
	if err != nil {
		return err
	}
	high, err := p.bound(n, 2, math.MaxFloat32)
	if err != nil {
		return err
	}
	if low == 0 && high == math.MaxFloat32 {
		return p.activate(n, snn.Activation{Fn: snn.Rectify})
	}
	return p.activate(n, snn.Activation{Fn: snn.Clip, A: low, B: high})
}

// bound returns the constant scalar input k of a node.
func (p *planner) bound(n *ir.Node, k int, absent float32) (float32, error) {
	if k >= len(n.In) || n.In[k] == ir.None {
		return absent, nil
	}
	t := p.constant(n, k)
	if t == nil {
		return 0, errors.New("its bounds are not constant")
	}
	if len(t.F) != 1 || t.F[0] != t.F[0] {
		return 0, fmt.Errorf("its bound of shape %v is not a number", t.Shape)
	}
	return min(max(t.F[0], -math.MaxFloat32), math.MaxFloat32), nil
}
