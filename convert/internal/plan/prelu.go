package plan

import (
	"errors"

	"ann2snn/ir"
	"ann2snn/snn"
)

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
	if v.partial || p.scattered(v) {
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
