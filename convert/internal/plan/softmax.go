package plan

import (
	"errors"
	"fmt"

	"ann2snn/ir"
	"ann2snn/snn"
)

func lowerSoftmax(p *planner, n *ir.Node) error {
	op, _ := n.Op.(ir.Softmax)
	return p.normalise(n, op.Axis, op.Flatten, snn.HostSoftmax)
}

// normalise plans a host operator that acts on the whole readout.
func (p *planner) normalise(n *ir.Node, axis int, flatten bool, fn snn.HostFn) error {
	v, err := p.activation(n)
	if err != nil {
		return err
	}
	axis, err = ir.Axis(axis, len(v.dims))
	if err != nil {
		return err
	}
	over := v.dims[axis]
	if flatten {
		over = product(v.dims[axis:])
	}
	switch {
	case !p.readout[n.Out[0]]:
		return errors.New("it is not linear in spikes and stands inside the network (only the output can be computed on the host)")
	case over != v.len():
		return fmt.Errorf("it normalises each of several rows of the output of shape %v", v.dims)
	}
	p.onHost(n, fn)
	return nil
}

// onHost applies a host operator to input 0 of n, which becomes the readout.
func (p *planner) onHost(n *ir.Node, fn snn.HostFn) {
	p.Nodes[p.node].Class = Host
	p.Host = append(p.Host, snn.HostOp{Name: p.Nodes[p.node].Name, Fn: fn})
	out := p.in(n, 0).alias(n.Out[0])
	out.host = true
	p.put(out)
}
