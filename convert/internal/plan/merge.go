package plan

import "slices"

// mergeSums lets every sum read the inputs of the sums without neurons below it: a residual
// stream of many sums, or an affine map behind a sum, becomes a single sum. That saves
// layers, and in integer networks each sum can be as precise as its own bits allow.
func (p *planner) mergeSums() {
	for _, l := range p.Layers {
		if s, ok := l.Op.(*Sum); ok {
			s.merge(l)
		}
	}
	p.DropUnread()
}

// merge replaces inputs of l, the layer of s, which comes after them.
func (s *Sum) merge(l *Layer) {
	in, gains := l.In, s.Gains
	l.In, s.Gains = nil, nil
	for k, from := range in {
		below, ok := from.Op.(*Sum)
		perElement := len(gains[k]) > l.Shape.C
		if !ok || from.Neuron != nil || perElement && below.Bias != nil {
			s.addTerm(l, from, gains[k])
			continue
		}
		for j, leaf := range below.Gains {
			s.addTerm(l, from.In[j], Multiply(gains[k], leaf, l.Shape))
		}
		if below.Bias != nil {
			s.Bias = Repeat(plus(s.Bias, Multiply(gains[k], below.Bias, l.Shape)), l.Shape.C)
		}
	}
}

// addTerm adds an input, or a gain to one that is there already.
func (s *Sum) addTerm(l, in *Layer, gain []float32) {
	if k := slices.Index(l.In, in); k >= 0 {
		s.Gains[k] = plus(s.Gains[k], gain)
		return
	}
	l.In, s.Gains = append(l.In, in), append(s.Gains, gain)
}

// DropUnread drops layers that nothing reads and numbers the others anew.
func (p *Plan) DropUnread() {
	read := map[*Layer]bool{p.Layers[0]: true, p.Output: true}
	for _, l := range slices.Backward(p.Layers) {
		if read[l] {
			for _, in := range l.In {
				read[in] = true
			}
		}
	}
	p.Layers = slices.DeleteFunc(p.Layers, func(l *Layer) bool { return !read[l] })
	for i, l := range p.Layers {
		l.Index = i
	}
}
