package plan

import (
	"slices"

	"ann2snn/calibrate"
	"ann2snn/ir"
)

// Input is the planned analog input.
type Input struct{ ChannelsFirst bool }

// addInput plans the input layer. Where the network first transposes channel-last samples to
// channels-first order, samples are taken as they are.
func (p *planner) addInput() {
	id := p.Graph.Inputs[0]
	l := &Layer{Name: p.Graph.Value(id).Name, Node: -1, Source: id, Current: ir.None, analog: true, raw: true}
	p.Layers = append(p.Layers, l)
	dims := p.Graph.Type(id).Shape.Ints()
	if turned, ok := p.turnedInput(id, dims); ok {
		l.Op, l.Shape, l.Source = Input{}, naturalShape(turned), ir.None
		view := make([]int32, l.Shape.Len())
		for i := range view {
			view[i] = int32(i)
		}
		p.set(id, l, view)
		return
	}
	l.Op, l.Shape = Input{ChannelsFirst: true}, naturalShape(dims)
	p.set(id, l, nil)
}

// turnedInput returns the dims of the channels-first form of an input [1,H,W,C] that
// nothing but a Transpose to that form reads.
func (p *planner) turnedInput(id ir.ValueID, dims []int) ([]int, bool) {
	readers := p.Graph.Consumers()[id]
	if len(readers) != 1 || len(dims) != 4 || dims[0] != 1 {
		return nil, false
	}
	op, ok := p.Graph.Nodes[readers[0]].Op.(ir.Transpose)
	if !ok || len(op.Perm) != 4 || [4]int(op.Perm) != [4]int{0, 3, 1, 2} {
		return nil, false
	}
	return []int{1, dims[3], dims[1], dims[2]}, true
}

// mostFeatures bounds the channels of the input that are measured apart.
const mostFeatures = 4096

// inputSite returns the input as a value to calibrate: channel by channel, unless neurons
// that stand for it take it otherwise.
func (p *Plan) inputSite() calibrate.Site {
	l := p.Layers[0]
	site := calibrate.Site{Value: p.Graph.Inputs[0], Axis: -1, Signed: true}
	if 1 < l.Shape.C && l.Shape.C <= mostFeatures {
		site.Axis = len(p.Graph.Type(site.Value).Shape.Ints()) - 1
		if op, _ := l.Op.(Input); op.ChannelsFirst {
			site.Axis = p.channelAxis(&Layer{Source: site.Value, Shape: l.Shape})
		}
	}
	for _, s := range p.Sites {
		if s.Value == site.Value && s.Axis != site.Axis {
			site.Axis = -1
		}
	}
	return site
}

// SeparatesInput reports whether the channels of the input may differ in the value of a
// level: no layer that needs one level value per channel reads elements of several channels
// as one.
func (p *Plan) SeparatesInput() bool {
	mixed := make([]bool, len(p.Layers))
	for i, l := range p.Layers {
		fromMixed := slices.ContainsFunc(l.In, func(in *Layer) bool { return mixed[in.Index] })
		switch op := l.Op.(type) {
		case Gather:
			mixed[i] = l.In[0].analog && mixes(op.Index, l.In[0], fromMixed, l.Shape.C)
		case Concat:
			mixed[i] = fromMixed
		case *Dense, *Sum:
		default:
			if fromMixed {
				return false
			}
		}
	}
	return true
}
