package u8

import (
	"ann2snn/snn"
)

// terms is what a Sum with neurons is made of, where one of its inputs is a convolution
// on whose current the kernels can fire at once, having added the others.
type terms struct {
	conv     int     // the convolution's layer
	mult     []int32 // of its current, by channel
	offset   []int32 // added to that in every step, by channel; nil means 0
	plus     *term   // currents of another convolution, or nil
	second   *conv   // that convolution, where its currents are computed in the same pass
	residual *term   // levels, or nil
}

// term is an input of a Sum.
type term struct {
	from int     // its store
	mult []int32 // by channel
}

// fuse decides whether layer i, if it is a Sum, computes the current of a convolution
// that it reads as part of its own.
func (p *planner) fuse(i int) {
	l := &p.Layers[i]
	op, ok := l.Op.(snn.Sum)
	if !ok || l.Neuron == nil {
		return
	}
	best, most := -1, 0
	for k, from := range l.In {
		if n := p.products(from); n > most && p.canFuse(i, from) {
			best, most = k, n
		}
	}
	if best < 0 {
		return
	}
	if t, ok := p.termsOf(i, best, op); ok {
		p.fused[t.conv], p.sums[i] = i, t
		if t.plus != nil && p.canFuse(i, t.plus.from) {
			p.fused[t.plus.from] = i
		}
	}
}

// products returns how many products a convolution adds up, 0 if layer i is none.
func (p *planner) products(i int) int {
	l := &p.Layers[i]
	switch l.Op.(type) {
	case snn.Conv, snn.Dense:
		return l.Shape.H * l.Shape.W * len(p.weightsOf(i).Q)
	}
	return 0
}

// readers is how often running layers read the output of a layer.
func (p *planner) readers(i int) int {
	n := 0
	for _, reader := range p.Facts[i].Readers {
		if p.subnet.Runs[reader] {
			n++
		}
	}
	return n
}

// termsOf sorts the inputs of Sum i, of which number main is to be fused. It fails where
// there are more than the kernels take.
func (p *planner) termsOf(i, main int, op snn.Sum) (terms, bool) {
	l := &p.Layers[i]
	t := terms{conv: l.In[main]}
	for k, from := range l.In {
		mult := op.Mult[k]
		if len(mult) > l.Shape.C {
			return t, false
		}
		mult = perChannel(mult, l.Shape.C)
		switch {
		case k == main:
			t.mult = mult
		case !p.stores[from].wide && p.stores[from].steps == p.Steps && t.residual == nil:
			t.residual = &term{from, mult}
		case p.addsLanes(t.conv, from) && t.plus == nil:
			t.plus = &term{from, mult}
		default:
			return t, false
		}
	}
	varies := p.stores[p.Layers[t.conv].In[0]].steps == p.Steps
	return t, (varies || p.offset(&t) == nil) && (allOnes(t.mult) || op.IntBias == nil || !p.Refines())
}

// offset is what undoes the zero of the residual's levels, by channel; nil for none.
func (p *planner) offset(t *terms) []int32 {
	if t.residual == nil || p.stores[t.residual.from].zero == 0 {
		return nil
	}
	var offset []int32
	for _, m := range t.residual.mult {
		offset = append(offset, -m*p.stores[t.residual.from].zero)
	}
	return offset
}

// addFusedSum adds the stage of a Sum that computes the current of a convolution.
func (p *planner) addFusedSum(i int, op snn.Sum) {
	t := p.sums[i]
	more := extra{bias: op.IntBias, every: p.offset(&t)}
	if !allOnes(t.mult) { // what joins the sums before they are multiplied is no bias
		t.offset, more = added(len(t.mult), more.bias, more.every), extra{}
	}
	c := p.newConv(t.conv, p.Layers[t.conv].In[0], more)
	if t.plus != nil && p.fused[t.plus.from] == i {
		layer := t.plus.from
		t.plus = &term{from: p.between(store{shape: p.Layers[i].Shape, wide: true, stride: c.Lanes(), steps: p.stores[c.in].steps}), mult: t.plus.mult}
		t.second = p.newConv(layer, p.Layers[layer].In[0], extra{})
	}
	p.addFire(c, i, t)
}

func allOnes(values []int32) bool {
	for _, x := range values {
		if x != 1 {
			return false
		}
	}
	return true
}

// perChannel repeats a single value for every channel.
func perChannel(values []int32, channels int) []int32 {
	if len(values) == channels {
		return values
	}
	all := make([]int32, channels)
	for c := range all {
		all[c] = values[0]
	}
	return all
}
