package plan

import (
	"errors"

	"ann2snn/ir"
	"ann2snn/snn"
)

func lowerSoftmax(p *planner, n *ir.Node) error {
	op, _ := n.Op.(ir.Softmax)
	return p.normalise(n, op.Axis, op.Flatten, snn.HostSoftmax, snn.HostGroupSoftmax)
}

// normalise plans a host operator that acts on the whole readout, or on each of its groups, such
// as the classes of every pixel.
func (p *planner) normalise(n *ir.Node, axis int, flatten bool, whole, grouped snn.HostFn) error {
	v, err := p.activation(n)
	if err != nil {
		return err
	}
	axis, err = ir.Axis(axis, len(v.dims))
	if err != nil {
		return err
	}
	over, stride := v.dims[axis], product(v.dims[axis+1:])
	if flatten {
		over, stride = product(v.dims[axis:]), 1
	}
	if !p.readout[n.Out[0]] {
		return errors.New("it is not linear in spikes and stands inside the network (only the output can be computed on the host)")
	}
	if over == v.len() {
		p.onHost(n, whole)
		return nil
	}
	if v.partial { // the places of elements would not tell them apart
		p.put(newValue(v.id, v.dims, p.natural(v), nil))
	}
	p.onHost(n, grouped)
	p.groups = append(p.groups, groupsOf(p.values[n.Out[0]], over, stride))
	return nil
}

// groupsOf returns, for each place in the layer of v, the number of the group that its element
// belongs to: elements of v that are stride apart, so many of them.
func groupsOf(v *value, over, stride int) []int32 {
	of := make([]int32, v.layer.Shape.Len())
	for i := range v.len() {
		of[v.at(i)] = int32(i/(over*stride)*stride + i%stride)
	}
	return of
}

// settleGroups says where the groups of host operators are in v, the readout: elements may have
// been moved behind the operators.
func (p *planner) settleGroups(v *value) {
	if !v.host { // what is in front of it was given up
		return
	}
	next := 0
	for k := range p.Host {
		h := &p.Host[k]
		if !h.Fn.Grouped() {
			continue
		}
		of := p.groups[next]
		next++
		var ok bool
		if h.Group, h.Stride, ok = regular(v, of); !ok {
			last := &p.Nodes[p.node]
			last.Class, last.Reason = Unsupported, errReordered.Error()
		}
	}
}

// regular returns the size of the groups of v, and how far apart their elements are. It reports
// false where they are not as snn.HostOp has them.
func regular(v *value, of []int32) (group, stride int, ok bool) {
	n := v.len()
	first := of[v.at(0)]
	for i := range n {
		if of[v.at(i)] == first {
			if group++; group == 2 {
				stride = i
			}
		}
	}
	if group == 1 {
		return 1, 1, true
	}
	if n%(group*stride) != 0 {
		return 0, 0, false
	}
	seen := make([]bool, n/group)
	for i := range n {
		start := i/(group*stride)*group*stride + i%stride
		g := of[v.at(start)]
		if of[v.at(i)] != g || i == start && seen[g] {
			return 0, 0, false
		}
		seen[g] = true
	}
	return group, stride, true
}

// onHost applies a host operator to input 0 of n, which becomes the readout.
func (p *planner) onHost(n *ir.Node, fn snn.HostFn) {
	p.Nodes[p.node].Class = Host
	p.Host = append(p.Host, snn.HostOp{Name: p.Nodes[p.node].Name, Fn: fn})
	out := p.in(n, 0).alias(n.Out[0])
	out.host = true
	p.put(out)
}
