package plan

import (
	"errors"
	"slices"

	"ann2snn/internal/ann"
	"ann2snn/ir"
)

// Concat is a planned concatenation along the channels.
type Concat struct{}

func lowerConcat(p *planner, n *ir.Node) error {
	values := make([]*value, len(n.In))
	for k := range n.In {
		if values[k] = p.in(n, k); values[k] == nil {
			return errors.New("it joins activations with constants")
		}
	}
	if len(values) == 1 {
		return lowerPass(p, n)
	}
	op, _ := n.Op.(ir.Concat)
	dims := p.Graph.Type(n.Out[0]).Shape.Ints()
	axis, err := ir.Axis(op.Axis, len(dims))
	if err != nil {
		return err
	}
	if axis != 1 || dims[0] != 1 || len(dims) > 4 {
		return p.joinAlong(n, op, values)
	}
	l := p.join(values)
	l.Source = n.Out[0]
	p.set(n.Out[0], l, nil)
	return nil
}

// join adds a layer that joins values along the channels of their natural layouts:
// currents, or the analog input, or else spikes.
func (p *planner) join(values []*value) *Layer {
	layers := make([]*Layer, len(values))
	first := values[0].layer
	mixed := slices.ContainsFunc(values, func(v *value) bool {
		return v.layer.Spikes() != first.Spikes() || v.layer.analog != first.analog
	})
	for i, v := range values {
		if mixed {
			v = p.spiking(v, "joined with other signals by "+p.Nodes[p.node].Name)
		}
		layers[i] = p.natural(v)
	}
	shape := layers[0].Shape
	shape.C = 0
	l := &Layer{Op: Concat{}, In: layers, nonneg: true, analog: true, raw: true, Source: ir.None, Current: ir.None}
	for _, in := range layers {
		shape.C += in.Shape.C
		l.Uneven = l.Uneven || in.Uneven
		l.nonneg = l.nonneg && in.nonneg
		l.analog, l.raw = l.analog && in.analog, l.raw && in.stillRaw()
	}
	l.Shape = shape
	return p.add(l)
}

// joinAlong plans a concatenation along another axis: of vectors, whose elements then
// are taken in the order that results.
func (p *planner) joinAlong(n *ir.Node, op ir.Concat, values []*value) error {
	parts := make([]*ir.Tensor, len(values))
	next := int64(0)
	for k, v := range values {
		places := make([]int64, v.len())
		for i := range places {
			places[i] = next
			next++
		}
		parts[k] = ir.Ints(places, v.dims...)
		values[k] = v.reshaped(v.len())
	}
	order, err := ann.Eval(op, parts)
	if err != nil {
		return err
	}
	view := make([]int32, next)
	for i, at := range order[0].I {
		view[i] = int32(at)
	}
	p.set(n.Out[0], p.join(values), view)
	return nil
}
