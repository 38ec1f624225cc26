package plan

import (
	"errors"
	"fmt"
	"math"

	"ann2snn/internal/ann"
	"ann2snn/ir"
	"ann2snn/snn"
)

// lowerActivation plans neurons of the activation that an operator alone determines.
func lowerActivation(p *planner, n *ir.Node) error {
	act, _ := ann.Activation(n.Op)
	return p.activate(n, act)
}

// lowerPRelu plans neurons with a slope per channel.
func lowerPRelu(p *planner, n *ir.Node) error {
	v, err := p.activation(n)
	if err != nil {
		return err
	}
	slope := p.constant(n, 1)
	if slope == nil {
		return errors.New("its slope is not constant")
	}
	t := terms{dims: v.dims, layers: []*Layer{v.layer}, view: v.view}
	if v.partial {
		t = terms{dims: v.dims, layers: []*Layer{p.natural(v)}}
	}
	s, err := t.spread(slope)
	if err != nil {
		return err
	}
	channels := t.layers[0].Shape.C
	if len(s) > channels {
		return errors.New("its slope differs within a channel")
	}
	return p.activate(n, snn.Activation{Fn: snn.PRelu, Slope: Repeat(s, channels)})
}

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

// bound is the constant scalar input k of a node.
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

// lowerSigmoid plans neurons, or a host operator at the output.
func lowerSigmoid(p *planner, n *ir.Node) error {
	if p.in(n, 0) != nil && p.readout[n.Out[0]] {
		p.onHost(n, snn.HostSigmoid)
		return nil
	}
	return lowerActivation(p, n)
}
