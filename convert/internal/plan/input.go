package plan

import (
	"slices"

	"ann2snn/calibrate"
	"ann2snn/ir"
	"ann2snn/snn"
)

// Input is the planned analog input.
type Input struct{ ChannelsFirst bool }

// addInput plans the input layer. Samples that hold a picture in another order than channels
// first are taken as they are, where what reads them does so too.
func (p *planner) addInput() {
	id := p.Graph.Inputs[0]
	l := &Layer{Name: p.Graph.Value(id).Name, Node: -1, Source: id, Current: ir.None, analog: true, raw: true}
	p.Layers = append(p.Layers, l)
	dims := p.Graph.Type(id).Shape.Ints()
	shape, ok := p.turnedInput(id, dims)
	if !ok {
		shape, ok = p.flattenedInput(id, dims)
	}
	if !ok {
		l.Op, l.Shape = Input{ChannelsFirst: true}, naturalShape(dims)
		p.set(id, l, nil)
		return
	}
	l.Op, l.Shape, l.Source = Input{ChannelsFirst: len(dims) == 3}, shape, ir.None
	p.set(id, l, inRows(shape.Len()))
}

// turnedInput returns the shape of an input [1,H,W,C] that nothing but a Transpose to
// channels-first order reads.
func (p *planner) turnedInput(id ir.ValueID, dims []int) (shape snn.Shape, ok bool) {
	readers := p.Graph.Consumers()[id]
	if len(readers) != 1 || len(dims) != 4 || dims[0] != 1 {
		return shape, false
	}
	op, ok := p.Graph.Nodes[readers[0]].Op.(ir.Transpose)
	if !ok || len(op.Perm) != 4 || [4]int(op.Perm) != [4]int{0, 3, 1, 2} {
		return shape, false
	}
	return snn.Shape{H: dims[1], W: dims[2], C: dims[3]}, true
}

// flattenedInput returns the shape of the picture in an input [1,H,W] or [1,H,W,C], C 1 or 3,
// of which nothing reads more than the elements in their order.
func (p *planner) flattenedInput(id ir.ValueID, dims []int) (shape snn.Shape, ok bool) {
	for _, reader := range p.Graph.Consumers()[id] {
		switch p.Graph.Nodes[reader].Op.(type) {
		case ir.Reshape, ir.Flatten, ir.Squeeze, ir.Unsqueeze:
		default:
			return shape, false
		}
	}
	colours := func(n int) bool { return n == 1 || n == 3 }
	switch {
	case len(dims) == 3 && dims[0] == 1:
		return snn.Shape{H: dims[1], W: dims[2], C: 1}, true
	case len(dims) == 4 && dims[0] == 1 && colours(dims[3]) && !colours(dims[1]):
		return snn.Shape{H: dims[1], W: dims[2], C: dims[3]}, true
	}
	return shape, false
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
