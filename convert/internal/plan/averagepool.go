package plan

import (
	"ann2snn/ir"
	"ann2snn/snn"
)

// SumPool is a planned sum over windows, divided by divisor: one number, or one per
// output position.
type SumPool struct {
	Window  snn.Window
	Divisor []float32
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
	s := SumPool{Window: window, Divisor: divisors(op, given, v.dims[2:], p.Graph.Type(n.Out[0]).Shape[2:].Ints())}
	p.average(n, s, v)
	return nil
}

// divisors counts the places that each window of an average pool covers: the elements, and
// the padding where CountPad says so, but never those that Ceil adds beyond.
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
	return Condense(counts, 1)
}

// covered returns how many of kernel taps from start on lie in [low, high).
func covered(start, kernel, dilation, low, high int) int {
	n := 0
	for k := range kernel {
		if at := start + k*dilation; low <= at && at < high {
			n++
		}
	}
	return n
}
