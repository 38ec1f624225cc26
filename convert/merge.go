package convert

import "slices"

// mergeSums lets every sum read what the sums without neurons below it read: a residual
// stream of many sums, or an affine map behind a sum, becomes a single sum. That saves
// layers, and in integer networks each sum can be as precise as its own bits allow.
func (p *planner) mergeSums() {
	for _, l := range p.layers {
		if s, ok := l.op.(*sum); ok {
			s.merge(l)
		}
	}
	p.dropUnread()
}

// merge replaces inputs of l, the layer of s, which comes after them.
func (s *sum) merge(l *layer) {
	in, gains := l.in, s.gains
	l.in, s.gains = nil, nil
	for k, from := range in {
		below, ok := from.op.(*sum)
		perElement := len(gains[k]) > l.shape.C
		if !ok || from.neuron != nil || perElement && below.bias != nil {
			s.addTerm(l, from, gains[k])
			continue
		}
		for j, leaf := range below.gains {
			s.addTerm(l, from.in[j], multiply(gains[k], leaf, l.shape))
		}
		if below.bias != nil {
			s.bias = spell(plus(s.bias, multiply(gains[k], below.bias, l.shape)), l.shape.C)
		}
	}
}

// addTerm adds an input, or a gain to one that is there already.
func (s *sum) addTerm(l, in *layer, gain []float32) {
	if k := slices.Index(l.in, in); k >= 0 {
		s.gains[k] = plus(s.gains[k], gain)
		return
	}
	l.in, s.gains = append(l.in, in), append(s.gains, gain)
}

// plus adds elementwise; the shorter list repeats, and none means 0.
func plus(a, b []float32) []float32 {
	out := make([]float32, max(len(a), len(b)))
	for _, term := range [][]float32{a, b} {
		for i := range out {
			if len(term) > 0 {
				out[i] += term[i%len(term)]
			}
		}
	}
	return out
}

// dropUnread drops layers that nothing reads and numbers the others anew.
func (p *plan) dropUnread() {
	read := map[*layer]bool{p.layers[0]: true, p.output: true}
	for _, l := range slices.Backward(p.layers) {
		if read[l] {
			for _, in := range l.in {
				read[in] = true
			}
		}
	}
	p.layers = slices.DeleteFunc(p.layers, func(l *layer) bool { return !read[l] })
	for i, l := range p.layers {
		l.index = i
	}
}
