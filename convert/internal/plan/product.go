package plan

import (
	"fmt"
	"slices"

	"ann2snn/ir"
	"ann2snn/snn"
)

// Product is a planned product of two signals of spikes, element by element. Either is
// broadcast along the axes on which its layer has one element.
type Product struct{}

// multiply plans output 0 of n as the product of its two inputs.
func (p *planner) multiply(n *ir.Node, values ...*value) error {
	id := n.Out[0]
	dims := p.Graph.Type(id).Shape.Ints()
	l := &Layer{Op: Product{}, Shape: naturalShape(dims), Source: id, Current: id, nonneg: true}
	var view []int32
	for k, v := range values {
		v = v.ofRank(len(dims))
		if values[k] = p.single(v); !broadcasts(v.dims, dims) {
			l.Shape = snn.Shape{H: 1, W: 1, C: product(dims)}
			view = inRows(product(dims))
		}
	}
	for _, v := range values {
		in, err := p.factor(v, dims, view != nil)
		if err != nil {
			return fmt.Errorf("its inputs cannot be multiplied: %w", err)
		}
		l.In, l.nonneg = append(l.In, in), l.nonneg && in.nonneg
	}
	p.add(l)
	l.View = p.set(id, l, view).view
	return nil
}

// ofRank returns v with as many axes as it is broadcast to.
func (v *value) ofRank(rank int) *value {
	if len(v.dims) >= rank {
		return v
	}
	return v.reshaped(append(slices.Repeat([]int{1}, rank-len(v.dims)), v.dims...)...)
}

// single returns v as spikes of neurons, not as sums of such: a product has no room for these.
func (p *planner) single(v *value) *value {
	why := "multiplied by " + p.Nodes[p.node].Name
	if v.layer.Spikes() && v.layer.Spread() > 1 {
		v = p.relay(v, why)
		v.layer.Neuron.Fine = true
	}
	return p.spiking(v, why)
}

// factor returns a layer that holds spikes for a product: in their natural layout with one
// level value per channel, or as a vector in which every element is a channel.
func (p *planner) factor(v *value, dims []int, vector bool) (*Layer, error) {
	if !vector {
		return p.even(v, "multiplied by "+p.Nodes[p.node].Name), nil
	}
	wide, err := p.expand(v, dims)
	if err != nil {
		return nil, err
	}
	places := wide.places()
	return p.add(&Layer{
		Op: Gather{places}, In: []*Layer{v.layer}, Shape: snn.Shape{H: 1, W: 1, C: len(places)}, Source: ir.None, Current: ir.None,
		nonneg: v.layer.nonneg,
	}), nil
}

// broadcasts reports whether a value of some dims, in its natural layout, lies along the axes
// of a map of others, with one element on those along which it is broadcast.
func broadcasts(from, to []int) bool {
	if slices.Equal(from, to) {
		return true
	}
	small, large := naturalShape(from), naturalShape(to)
	if len(to) > 4 || from[0] != 1 || to[0] != 1 {
		return false
	}
	fits := func(x, y int) bool { return x == 1 || x == y }
	return fits(small.H, large.H) && fits(small.W, large.W) && fits(small.C, large.C)
}
