package convert

import (
	"slices"

	"ann2snn/ir"
	"ann2snn/snn"
)

// spiking makes v spikes: where its layer has a current, an identity neuron is put
// there, so that all consumers see the same spikes. The readout stays a current.
func (p *planner) spiking(v *value, why string) *value {
	l := v.layer
	switch {
	case l.spikes():
		return v
	case l.computes() && l.source != ir.None && !p.readout[l.source]:
		l.neuron = p.identity(l, why)
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

// even is a layer of spikes in v's natural layout whose levels have one value per
// channel.
func (p *planner) even(v *value, why string) *layer {
	v = p.spiking(v, why)
	if l := p.natural(v); !l.uneven {
		return l
	}
	return p.relay(v, "its levels differ in value within a channel").layer
}

// evenOrInput is even for weighted layers, which also take the analog input.
func (p *planner) evenOrInput(v *value, why string) *layer {
	if v.layer.analog {
		return p.natural(v)
	}
	return p.even(v, why)
}

// relay is v in its natural layout, spiked by neurons of its own.
func (p *planner) relay(v *value, why string) *value {
	if v.relayed == nil {
		in := p.natural(v)
		l := &layer{
			op: &sum{gains: [][]float32{{1}}}, in: []*layer{in}, shape: in.shape,
			view:   v.naturalPlaces(),
			source: v.id, current: v.id, nonneg: in.nonneg, raw: in.stillRaw(),
			aside: p.uses[v.id] > 1 || p.readout[v.id] || v.layer.neuron != nil && v.layer.source == v.id,
		}
		l.neuron = p.identity(l, why)
		v.relayed = p.addNamed(l, v)
	}
	r := newValue(v.id, v.dims, v.relayed, nil)
	r.origin, r.shared = v.origin, true
	return r
}

// naturalPlaces is where the elements of the graph's value stand in v's natural layout;
// nil where that is natural to the graph's value, too.
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

// identity is a neuron that no activation asked for.
func (p *planner) identity(l *layer, why string) *neuron {
	act := snn.Activation{Fn: snn.Linear}
	if l.nonneg {
		act.Fn = snn.Rectify
	}
	p.spikeNode(l.node, "identity neurons: "+why)
	return &neuron{act: act, site: p.site(l, !l.nonneg), why: why, fine: l.raw}
}

// spikeNode notes that a node of the graph became neurons.
func (p *planner) spikeNode(node int, reason string) {
	if node < 0 {
		return
	}
	if c := &p.nodes[node]; c.Class == Linear {
		c.Class, c.Reason = Spiking, reason
	}
}

// site is the site of a layer's source, shared with other neurons that stand for it.
// Where they disagree about its channels, the whole value gets one threshold.
func (p *planner) site(l *layer, signed bool) *site {
	axis := p.channelAxis(l)
	i := slices.IndexFunc(p.sites, func(s *site) bool { return s.value == l.source })
	if i < 0 {
		p.sites = append(p.sites, &site{value: l.source, axis: axis, signed: signed})
		return p.sites[len(p.sites)-1]
	}
	s := p.sites[i]
	s.signed = s.signed || signed
	if s.axis != axis {
		s.axis = -1
	}
	return s
}

// channelAxis is the axis of the layer's source along which the layer's channels lie,
// or -1 where there is none.
func (p *planner) channelAxis(l *layer) int {
	dims := p.graph.Type(l.source).Shape.Ints()
	if l.view == nil && l.shape.H*l.shape.W > 1 {
		return 1
	}
	inner := product(dims)
	for axis, d := range dims {
		inner /= d
		if d == l.shape.C && d > 1 && l.channelsAlong(inner, product(dims)) {
			return axis
		}
	}
	return -1
}

// channelsAlong reports whether the channel of every element of the source is its
// coordinate on the axis whose coordinates change every inner elements.
func (l *layer) channelsAlong(inner, elems int) bool {
	for i := range elems {
		if l.channelOf(i) != i/inner%l.shape.C {
			return false
		}
	}
	return true
}

// channelOf is the layer's channel of element i of the source.
func (l *layer) channelOf(i int) int {
	if l.view == nil {
		return i / (l.shape.H * l.shape.W)
	}
	return int(l.view[i]) % l.shape.C
}

// activate puts an activation behind input 0 of n.
func (p *planner) activate(n *ir.Node, act snn.Activation) error {
	v, err := p.activation(n)
	if err != nil {
		return err
	}
	out := n.Out[0]
	if act.Fn == snn.Rectify && v.layer.nonneg {
		p.nodes[p.node].Class = Linear
		p.nodes[p.node].Reason = "its input is never negative"
		p.put(v.alias(out))
		return nil
	}
	l := v.layer
	if !l.computes() || l.neuron != nil || v.shared || v.partial || l.source == ir.None {
		v = p.copyOf(v)
		l = v.layer
	}
	l.source, l.current, l.view = out, v.id, v.view
	l.nonneg = act.NonNegative()
	l.neuron = &neuron{act: act, site: p.site(l, !act.NonNegative()), fine: l.raw}
	p.set(out, l, v.view)
	return nil
}

// activation returns input 0 of a node, which must be a value of the running network.
func (p *planner) activation(n *ir.Node) (*value, error) {
	v := p.in(n, 0)
	if v == nil {
		return nil, errConstantInput
	}
	return v, nil
}

// copyOf is v as a current of its own, for neurons that stand for v alone.
func (p *planner) copyOf(v *value) *value {
	in, view := v.layer, v.view
	if v.partial {
		in, view = p.natural(v), nil
	}
	l := p.add(&layer{
		op: &sum{gains: [][]float32{{1}}}, in: []*layer{in}, shape: in.shape,
		source: v.id, current: v.id, view: view, raw: in.stillRaw(),
	})
	return newValue(v.id, v.dims, l, view)
}
