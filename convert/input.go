package convert

import (
	"ann2snn/ir"
	"ann2snn/snn"
)

// input is the planned analog input.
type input struct{ channelsFirst bool }

// addInput plans the input layer. Where the network's first act is to bring channel-last
// samples to channels-first order, they are taken as they come.
func (p *planner) addInput() {
	id := p.graph.Inputs[0]
	l := &layer{name: p.graph.Value(id).Name, node: -1, source: id, current: ir.None, analog: true, raw: true}
	p.layers = append(p.layers, l)
	dims := p.graph.Type(id).Shape.Ints()
	if turned, ok := p.turnedInput(id, dims); ok {
		l.op, l.shape, l.source = input{}, naturalShape(turned), ir.None
		view := make([]int32, l.shape.Len())
		for i := range view {
			view[i] = int32(i)
		}
		p.set(id, l, view)
		return
	}
	l.op, l.shape = input{channelsFirst: true}, naturalShape(dims)
	p.set(id, l, nil)
}

// turnedInput returns the dims of the channels-first form of an input [1,H,W,C] that
// nothing but a Transpose to that form reads.
func (p *planner) turnedInput(id ir.ValueID, dims []int) ([]int, bool) {
	readers := p.graph.Consumers()[id]
	if len(readers) != 1 || len(dims) != 4 || dims[0] != 1 {
		return nil, false
	}
	op, ok := p.graph.Nodes[readers[0]].Op.(ir.Transpose)
	if !ok || len(op.Perm) != 4 || [4]int(op.Perm) != [4]int{0, 3, 1, 2} {
		return nil, false
	}
	return []int{1, dims[3], dims[1], dims[2]}, true
}

func (o input) build(b *builder, _ *layer) (snn.Op, error) {
	if !b.net.Integer {
		return snn.Input{ChannelsFirst: o.channelsFirst}, nil
	}
	return b.integerInput(o)
}
