package plan

import (
	"ann2snn/ir"
	"ann2snn/snn"
)

// spiking returns v as spikes. Where its layer has a current, identity neurons are put
// there, so that all consumers see the same spikes. The readout stays a current.
func (p *planner) spiking(v *value, why string) *value {
	l := v.layer
	switch {
	case l.Spikes():
		return v
	case l.Computes() && l.Source != ir.None && !p.readout[l.Source]:
		l.Neuron = p.identity(l, why)
		return v
	}
	return p.relay(v, why)
}

// spikesOrInput is spiking for weighted layers, which also take the analog input.
func (p *planner) spikesOrInput(v *value, why string) *value {
	if v.layer.analog {
		return v
	}
	return p.spiking(v, why)
}

// even returns a layer of spikes in v's natural layout, with one level value per channel.
func (p *planner) even(v *value, why string) *Layer {
	if v.layer.Computes() && !v.layer.Spikes() && p.scattered(v) {
		return p.relay(v, why).layer
	}
	v = p.spiking(v, why)
	if l := p.natural(v); !l.Uneven {
		return l
	}
	return p.relay(v, "its levels differ in value within a channel").layer
}

// evenOrInput is even for weighted layers, which also take the analog input.
func (p *planner) evenOrInput(v *value, why string) *Layer {
	if v.layer.analog {
		return p.natural(v)
	}
	return p.even(v, why)
}

// relay returns v in its natural layout, as spikes of neurons of its own.
func (p *planner) relay(v *value, why string) *value {
	if v.relayed == nil {
		in := p.natural(v)
		l := &Layer{
			Op: &Sum{Gains: [][]float32{{1}}}, In: []*Layer{in}, Shape: in.Shape,
			View:   v.naturalPlaces(),
			Source: v.id, Current: v.id, nonneg: in.nonneg, raw: in.stillRaw(),
			Auxiliary: p.uses[v.id] > 1 || p.readout[v.id] || v.layer.Neuron != nil && v.layer.Source == v.id,
		}
		l.Neuron = p.identity(l, why)
		v.relayed = p.addNamed(l, v)
	}
	r := newValue(v.id, v.dims, v.relayed, nil)
	r.origin, r.shared = v.origin, true
	return r
}

// naturalPlaces returns the places of the elements of the graph's value in v's natural
// layout; nil where that is the natural layout of the graph's value, too.
func (v *value) naturalPlaces() []int32 {
	if v.origin == nil {
		return nil
	}
	shape := naturalShape(v.dims)
	places := make([]int32, len(v.origin))
	for i, at := range v.origin {
		places[i] = naturalPlace(shape, int(at))
	}
	return places
}

// identity returns neurons that no activation asked for.
func (p *planner) identity(l *Layer, why string) *Neuron {
	act := snn.Activation{Fn: snn.Linear}
	if l.nonneg {
		act.Fn = snn.Rectify
	}
	p.spikeNode(l.Node, "identity neurons: "+why)
	return &Neuron{Act: act, Site: p.site(l, !l.nonneg), Why: why, Fine: l.raw}
}

// spikeNode records that a node of the graph became neurons.
func (p *planner) spikeNode(node int, reason string) {
	if node < 0 {
		return
	}
	if c := &p.Nodes[node]; c.Class == Linear {
		c.Class, c.Reason = Spiking, reason
	}
}

// site returns the site of a layer's source, shared with other neurons that stand for it.
// Where they disagree about its channels, the whole value gets one threshold.
func (p *planner) site(l *Layer, signed bool) *Site {
	axis := p.channelAxis(l)
	s, ok := p.sites[l.Source]
	if !ok {
		s = &Site{Value: l.Source, Axis: axis, Signed: signed}
		p.Sites, p.sites[l.Source] = append(p.Sites, s), s
		return s
	}
	s.Signed = s.Signed || signed
	if s.Axis != axis {
		s.Axis = -1
	}
	return s
}

// channelAxis returns the axis of the layer's source along which the layer's channels lie,
// or -1 where there is none.
func (p *Plan) channelAxis(l *Layer) int {
	dims := p.Graph.Type(l.Source).Shape.Ints()
	if l.View == nil && l.Shape.H*l.Shape.W > 1 {
		return 1
	}
	inner := product(dims)
	for axis, d := range dims {
		inner /= d
		if d == l.Shape.C && d > 1 && l.channelsAlong(inner, product(dims)) {
			return axis
		}
	}
	return -1
}

// channelsAlong reports whether the channel of every element of the source is its
// coordinate on the axis whose coordinates change every inner elements.
func (l *Layer) channelsAlong(inner, elems int) bool {
	for i := range elems {
		if l.ChannelOf(i) != i/inner%l.Shape.C {
			return false
		}
	}
	return true
}

// Place returns where element i of the layer's source stands in the layer, in H, W, C order.
func (l *Layer) Place(i int) int32 {
	if l.View == nil {
		return naturalPlace(l.Shape, i)
	}
	return l.View[i]
}

// ChannelOf returns the layer's channel of element i of the source.
func (l *Layer) ChannelOf(i int) int { return int(l.Place(i)) % l.Shape.C }

// activate puts neurons with an activation behind input 0 of n.
func (p *planner) activate(n *ir.Node, act snn.Activation) error {
	v, err := p.activation(n)
	if err != nil {
		return err
	}
	out := n.Out[0]
	if act.Fn == snn.Rectify && v.layer.nonneg {
		p.Nodes[p.node].Class = Linear
		p.Nodes[p.node].Reason = "its input is never negative"
		p.put(v.alias(out))
		return nil
	}
	l := v.layer
	if !l.Computes() || l.Neuron != nil || v.shared || v.partial || l.Source == ir.None || p.scattered(v) {
		v = p.copyOf(v)
		l = v.layer
	}
	l.Source, l.Current, l.View = out, v.id, v.view
	l.nonneg = act.NonNegative()
	l.Neuron = &Neuron{Act: act, Site: p.site(l, !act.NonNegative()), Fine: l.raw}
	p.set(out, l, v.view)
	return nil
}

// activation returns input 0 of a node, which must depend on the network's input.
func (p *planner) activation(n *ir.Node) (*value, error) {
	v := p.in(n, 0)
	if v == nil {
		return nil, errConstantInput
	}
	return v, nil
}

// scattered reports whether the channels of v's layer, which has weights, lie along no axis
// of v, as after a DepthToSpace. Neurons there would share one threshold, and a layer that
// needs one value of a level per channel would need neurons of its own behind them.
func (p *planner) scattered(v *value) bool {
	if _, isSum := v.layer.Op.(*Sum); isSum {
		return false
	}
	return v.view != nil && p.channelAxis(&Layer{Source: v.id, Shape: v.layer.Shape, View: v.view}) < 0 && v.gather().Uneven
}

// copyOf returns v as the current of a layer of its own, for neurons that stand for v alone.
func (p *planner) copyOf(v *value) *value {
	in, view := v.layer, v.view
	if v.partial || p.scattered(v) {
		in, view = p.natural(v), nil
	}
	l := p.add(&Layer{
		Op: &Sum{Gains: [][]float32{{1}}}, In: []*Layer{in}, Shape: in.Shape,
		Source: v.id, Current: v.id, View: view, raw: in.stillRaw(),
	})
	return newValue(v.id, v.dims, l, view)
}

// Rectifies reports whether the layer has neurons that do not spike for negative currents.
func (l *Layer) Rectifies() bool { return l.Neuron != nil && l.Neuron.Act.Fn == snn.Rectify }
