package spec

import (
	"math"

	"ann2snn/internal/kernels/spike"
	"ann2snn/snn"
)

// product multiplies two inputs: a step emits by how much the product of the sums of their
// levels has grown, in parts of the step; see snn.Product.
type product[S number] struct {
	size    int // of the first input
	both    int // of both
	strides [2]spike.Strides
	out     snn.Shape
	rho     S
	parts   [][]S // by step: one, C or H*W*C
}

func compileProduct[S number](n *snn.Network, l *snn.Layer, o *snn.Product, a *arithmetic[S]) op[S] {
	first, second := n.Layers[l.In[0]].Shape, n.Layers[l.In[1]].Shape
	return &product[S]{
		size: first.Len(), both: first.Len() + second.Len(), out: l.Shape, rho: S(n.Rho), parts: a.parts(n, o),
		strides: [2]spike.Strides{spike.Broadcast(first, l.Shape), spike.Broadcast(second, l.Shape)},
	}
}

// intParts are one number for each step.
func intParts(n *snn.Network, o *snn.Product) [][]int32 {
	parts, part := make([][]int32, n.Steps), o.Parts
	for t := range parts {
		parts[t] = []int32{part}
		part /= int32(n.Rho)
	}
	return parts
}

// floatParts are the factors, in units of each step.
func floatParts(n *snn.Network, o *snn.Product) [][]float32 {
	parts := make([][]float32, n.Steps)
	for t := range parts {
		finer := float32(math.Pow(float64(n.Rho), float64(-t)))
		for _, f := range o.Factor {
			parts[t] = append(parts[t], f*finer)
		}
	}
	return parts
}

func (p *product[S]) remember(s *state[S]) { s.sums = make([]S, p.both) }

func (p *product[S]) step(dst []S, in [][]S, m *moment[S]) {
	a, b := m.state.sums[:p.size], m.state.sums[p.size:]
	for i, k := range in[0] {
		a[i] = S(p.rho*a[i]) + k //nolint:unconvert // forbids a fused multiply-add
	}
	for i := range b {
		b[i] *= p.rho // the sum of the steps before
	}
	first := spike.Factor[S]{Strides: p.strides[0], Levels: in[0], Sums: a}
	second := spike.Factor[S]{Strides: p.strides[1], Levels: in[1], Sums: b}
	spike.Product(dst, p.out, first, second, p.parts[m.step-1])
	for i, k := range in[1] {
		b[i] += k
	}
}
