package passes

import (
	"math"

	"ann2snn/ir"
)

// fuseActivations puts activations together that exporters take apart:
//
//	x*Sigmoid(x)                       SiLU
//	x*Clip(x+3, 0, 6)/6 and the like   HardSwish
//	Clip(x+3, 0, 6)/6                  HardSigmoid
//	Clip(x, 0, none)                   Relu
//	Clip(Relu(x), 0, high)             Clip(x, 0, high)
//	PRelu(x, one slope for all)        LeakyRelu
//	LeakyRelu(x, 0)                    Relu
func fuseActivations(g *ir.Graph) (int, error) {
	return rewrite(g, func(r *rewriter, i int) (bool, error) {
		switch op := r.Nodes[i].Op.(type) {
		case ir.Binary:
			return r.fuseProduct(i), nil
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
		return false, nil
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

// maxFactorDepth bounds how deep a product is taken apart: x*gate/6 takes two levels.
const maxFactorDepth = 3

// fuseProduct replaces Mul or Div node i where its factors make up an activation. It
// takes the product apart step by step because x may be a product, too.
func (r *rewriter) fuseProduct(i int) bool {
	for depth := range maxFactorDepth {
		v, scale := r.factors(r.out(i), depth+1)
		if r.fuseFactors(i, v, scale) {
			return true
		}
	}
	return false
}

// fuseFactors replaces node i where scale times the product of v is an activation.
func (r *rewriter) fuseFactors(i int, v []ir.ValueID, scale float64) bool {
	if len(v) == 1 && near(scale, 1./6) {
		if x, ok := r.shiftedClip(v[0]); ok {
			r.setOp(i, ir.HardSigmoid{Alpha: 1. / 6, Beta: 0.5}, x)
			return true
		}
	}
	if len(v) != 2 {
		return false
	}
	for k, x := range v {
		if op := r.gated(x, v[1-k], scale); op != nil {
			r.setOp(i, op, x)
			return true
		}
	}
	return false
}

// gated returns the activation that scale*x*gate is, or nil.
func (r *rewriter) gated(x, gate ir.ValueID, scale float64) ir.Op {
	if y, ok := r.shiftedClip(gate); ok && y == x && near(scale, 1./6) {
		return ir.HardSwish{}
	}
	j := r.source(gate)
	if j < 0 || r.in(j, 0) != x || !near(scale, 1) {
		return nil
	}
	switch op := r.Nodes[j].Op.(type) {
	case ir.Sigmoid:
		return ir.SiLU{}
	case ir.HardSigmoid:
		if near(float64(op.Alpha), 1./6) && near(float64(op.Beta), 0.5) {
			return ir.HardSwish{}
		}
	}
	return nil
}

// factors takes products, at most depth deep, apart: v is scale times the product of
// the values returned.
func (r *rewriter) factors(v ir.ValueID, depth int) (values []ir.ValueID, scale float64) {
	i := r.source(v)
	if i < 0 || depth == 0 {
		return []ir.ValueID{v}, 1
	}
	op, _ := r.Nodes[i].Op.(ir.Binary)
	if op.Fn != ir.Mul && op.Fn != ir.Div {
		return []ir.ValueID{v}, 1
	}
	if x, c, constFirst, ok := r.operand(i); ok {
		values, scale = r.factors(x, depth-1)
		switch {
		case op.Fn == ir.Mul:
			return values, scale * c
		case !constFirst:
			return values, scale / c
		}
		return []ir.ValueID{v}, 1
	}
	a, b := r.in(i, 0), r.in(i, 1)
	if op.Fn != ir.Mul || !r.sameShape(a, b) {
		return []ir.ValueID{v}, 1
	}
	left, ls := r.factors(a, depth-1)
	right, rs := r.factors(b, depth-1)
	return append(left, right...), ls * rs
}

// shiftedClip returns x where v is Clip(x+3, 0, 6).
func (r *rewriter) shiftedClip(v ir.ValueID) (ir.ValueID, bool) {
	i := r.source(v)
	if i < 0 {
		return ir.None, false
	}
	if _, ok := r.Nodes[i].Op.(ir.Clip); !ok {
		return ir.None, false
	}
	low, high, ok := r.bounds(i)
	j := r.source(r.in(i, 0))
	if !ok || low != 0 || high != 6 || j < 0 {
		return ir.None, false
	}
	if _, ok := r.Nodes[j].Op.(ir.Add); !ok {
		return ir.None, false
	}
	x, c, _, ok := r.operand(j)
	return x, ok && c == 3
}

// near reports whether a is b up to the rounding of float32.
func near(a, b float64) bool { return math.Abs(a-b) <= 1e-6*math.Abs(b) }
