package passes

import (
	"math"

	"ann2snn/ir"
)

// fuseActivations puts activations together that exporters take apart:
//
//	Clip(x, 0, none)                   Relu
//	Clip(Relu(x), 0, high)             Clip(x, 0, high)
//	PRelu(x, one slope for all)        LeakyRelu
//	LeakyRelu(x, 0)                    Relu
//	what computes a curve in curves    that curve
func fuseActivations(g *ir.Graph) (int, error) {
	return rewrite(g, func(r *rewriter, i int) (bool, error) {
		switch op := r.Nodes[i].Op.(type) {
		case ir.Clip:
			low, high, ok := r.bounds(i)
			if ok && low == 0 && math.IsInf(high, 1) {
				r.setOp(i, ir.Relu{}, r.in(i, 0))
				return true, nil
			}
			if x, ok := r.rectified(i); ok && low == 0 {
				r.setOp(i, op, x, r.in(i, 1), r.in(i, 2))
				return true, nil
			}
		case ir.PRelu:
			if slope, ok := uniform(r.constant(r.in(i, 1))); ok {
				r.setOp(i, ir.LeakyRelu{Alpha: float32(slope)}, r.in(i, 0))
				return true, nil
			}
		case ir.LeakyRelu:
			if op.Alpha == 0 {
				r.setOp(i, ir.Relu{}, r.in(i, 0))
				return true, nil
			}
		}
		return r.recognise(i), nil
	})
}

// rectified returns what the Relu takes whose output node i reads.
func (r *rewriter) rectified(i int) (ir.ValueID, bool) {
	j := r.source(r.in(i, 0))
	if j < 0 {
		return ir.None, false
	}
	if _, ok := r.Nodes[j].Op.(ir.Relu); !ok {
		return ir.None, false
	}
	return r.in(j, 0), true
}
