package onnx

import "ann2snn/snn"

// product multiplies two signals: a step emits by how much the product of the sums of their
// levels has grown; see snn.Product. It is float64 where that might leave float32's integers.
func (w *writer) product(op *snn.Product) step {
	p := &products{writer: w, wide: w.facts[w.index].Membrane >= w.exact, part: float64(op.Parts), left: w.net.Steps}
	return p.step
}

// products is a product at work.
type products struct {
	*writer
	wide         bool
	part         float64 // of the step
	left         int     // steps to come, this one included
	first, other string  // sums of the steps before, in units of the step; empty while they are zero
}

func (p *products) step(in []*value, _ bool) *value {
	a, b := p.carried(in[0], p.wide), p.carried(in[1], p.wide)
	sum := p.plus("firstsum", p.first, a)
	grown := p.plus("grown", p.both("ahead", sum, b), p.both("behind", a, p.other))
	grown = p.times("parts", grown, p.part)
	p.part /= float64(p.net.Rho)
	if p.left--; p.left > 0 {
		p.first = p.times("firstraised", sum, float64(p.net.Rho))
		p.other = p.times("otherraised", p.plus("othersum", p.other, b), float64(p.net.Rho))
	}
	if p.wide {
		return p.madeWide(grown)
	}
	return p.made(grown)
}

// both multiplies two tensors, of which an empty one is zero.
func (p *products) both(name, a, b string) string {
	if a == "" || b == "" {
		return ""
	}
	return p.node(name, "Mul", []string{a, b})
}

// times multiplies by a number.
func (p *products) times(name, x string, factor float64) string {
	switch {
	case x == "" || factor == 1:
		return x
	case p.wide:
		return p.node(name, "Mul", []string{x, p.double(factor)})
	}
	return p.node(name, "Mul", []string{x, p.scalar(float32(factor))})
}
