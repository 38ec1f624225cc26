package convert

import (
	"ann2snn/ir"
	"ann2snn/snn"
)

// sumPool is a planned sum over windows, divided by divisor: one number, or one per
// output position.
type sumPool struct {
	window  snn.Window
	divisor []float32
}

func lowerAveragePool(p *planner, n *ir.Node) error {
	op, _ := n.Op.(ir.AveragePool)
	v, err := p.mapInput(n)
	if err != nil {
		return err
	}
	window, given, err := windowOf(op.Window, op.Kernel, v.dims[2:])
	if err != nil {
		return err
	}
	s := sumPool{window: window, divisor: divisors(op, given, v.dims[2:], p.graph.Type(n.Out[0]).Shape[2:].Ints())}
	p.average(n, s, v)
	return nil
}

func lowerGlobalAveragePool(p *planner, n *ir.Node) error {
	v, err := p.mapInput(n)
	if err != nil {
		return err
	}
	shape := naturalShape(v.dims)
	p.average(n, sumPool{overAll(shape), []float32{float32(shape.H * shape.W)}}, v)
	return nil
}

func (p *planner) average(n *ir.Node, s sumPool, v *value) {
	p.pool(n, s, v).uneven = len(s.divisor) > 1
}

// divisors counts what each window of an average pool covers: the elements, and the
// padding where CountPad says so, but never what Ceil adds beyond that.
func divisors(op ir.AveragePool, w ir.Window, in, out []int) []float32 {
	counts := []float32{1}
	for i, kernel := range op.Kernel {
		low, high := 0, in[i]
		if op.CountPad {
			low, high = -w.Pads[i], in[i]+w.Pads[len(in)+i]
		}
		next := make([]float32, 0, len(counts)*out[i])
		for _, n := range counts {
			for o := range out[i] {
				next = append(next, n*float32(covered(o*w.Strides[i]-w.Pads[i], kernel, w.Dilations[i], low, high)))
			}
		}
		counts = next
	}
	return condense(counts, 1)
}

// covered is how many of kernel taps from start on lie in [low, high).
func covered(start, kernel, dilation, low, high int) int {
	n := 0
	for k := range kernel {
		if at := start + k*dilation; low <= at && at < high {
			n++
		}
	}
	return n
}

func (s sumPool) build(b *builder, l *layer) (snn.Op, error) {
	values := b.channelValues(l.in[0])
	scale := make([]float32, l.shape.Len())
	for i := range scale {
		scale[i] = values[i%l.shape.C] / s.divisor[i/l.shape.C%len(s.divisor)]
	}
	b.current.Scale = condense(scale, l.shape.C)
	return snn.SumPool{Window: s.window}, nil
}
