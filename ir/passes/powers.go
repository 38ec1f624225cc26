package passes

import (
	"math"

	"ann2snn/ir"
)

// powers leaves, of powers and quotients of signals, squares and powers of numbers above 0,
// which neurons follow:
//
//	a/b                  a * 1/b
//	1/sqrt(x)            x^-0.5
//	x*x                  x^2
//	x^4, x^-2, ...       (x^2)^2, (x^2)^-1, ...
//	x^3, x^-3, ...       x * x^2, 1 / x^3, ...
//	x^0.5, x^-1          sqrt(x), 1/x
func powers(g *ir.Graph) (int, error) {
	return rewrite(g, func(r *rewriter, i int) (bool, error) {
		if r.Type(r.out(i)).DType != ir.Float32 {
			return false, nil
		}
		switch op := r.Nodes[i].Op.(type) {
		case ir.Unary:
			return op.Fn == ir.Reciprocal && r.fuseRoot(i), nil
		case ir.Binary:
			switch op.Fn {
			case ir.Div:
				return r.divide(i), nil
			case ir.Mul:
				return r.square(i), nil
			case ir.Pow:
				return r.wholePower(i), nil
			}
		}
		return false, nil
	})
}

// fuseRoot makes one power of the reciprocal of a root.
func (r *rewriter) fuseRoot(i int) bool {
	j := r.source(r.in(i, 0))
	if j < 0 || r.Nodes[j].Op != ir.Op(ir.Unary{Fn: ir.Sqrt}) {
		return false
	}
	r.setOp(i, ir.Binary{Fn: ir.Pow}, r.in(j, 0), r.number(i, -0.5))
	return true
}

// divide multiplies by the reciprocal of a signal.
func (r *rewriter) divide(i int) bool {
	a, b := r.in(i, 0), r.in(i, 1)
	if r.constant(b) != nil {
		return false
	}
	if one, ok := uniform(r.constant(a)); ok && one == 1 && r.sameShape(b, r.out(i)) {
		r.setOp(i, ir.Unary{Fn: ir.Reciprocal}, b)
		return true
	}
	r.setOp(i, ir.Binary{Fn: ir.Mul}, a, r.insert(i, ir.Unary{Fn: ir.Reciprocal}, b, b))
	return true
}

// square makes a power of the product of a signal with itself.
func (r *rewriter) square(i int) bool {
	x := r.in(i, 0)
	if x != r.in(i, 1) || r.constant(x) != nil {
		return false
	}
	r.setOp(i, ir.Binary{Fn: ir.Pow}, x, r.number(i, 2))
	return true
}

// maxExponent bounds the whole exponents that are taken apart.
const maxExponent = 8

// wholePower takes a power with a whole exponent apart, so that its base may have any sign.
func (r *rewriter) wholePower(i int) bool {
	if e := r.constant(r.in(i, 1)); e != nil && e.DType == ir.Int64 {
		r.setOp(i, ir.Binary{Fn: ir.Pow}, r.in(i, 0), r.constantLike(r.in(i, 1), inFloats(e)))
		return true
	}
	x, c, constFirst, ok := r.operand(i)
	if !ok || constFirst {
		return false
	}
	pow := func(exponent float64) { r.setOp(i, ir.Binary{Fn: ir.Pow}, x, r.number(i, exponent)) }
	switch {
	case c == 0.5:
		r.setOp(i, ir.Unary{Fn: ir.Sqrt}, x)
	case c == -1:
		r.setOp(i, ir.Unary{Fn: ir.Reciprocal}, x)
	case c == 1 || c == 2 || c == 0 || c != math.Trunc(c) || math.Abs(c) > maxExponent:
		return false
	case math.Mod(c, 2) == 0:
		x = r.insert(i, ir.Binary{Fn: ir.Pow}, x, x, r.number(i, 2))
		pow(c / 2)
	case c < 0:
		x = r.insert(i, ir.Binary{Fn: ir.Pow}, x, x, r.number(i, -c))
		r.setOp(i, ir.Unary{Fn: ir.Reciprocal}, x)
	default:
		r.setOp(i, ir.Binary{Fn: ir.Mul}, x, r.insert(i, ir.Binary{Fn: ir.Pow}, x, x, r.number(i, c-1)))
	}
	return true
}

// insert adds a node before node i, whose output has the type of like.
func (r *rewriter) insert(i int, op ir.Op, like ir.ValueID, in ...ir.ValueID) ir.ValueID {
	v := r.value(r.Value(r.out(i)).Name, r.Type(like))
	r.add(ir.Node{Name: r.Nodes[i].Name, Op: op, In: in, Out: []ir.ValueID{v}})
	return v
}

// number adds a constant for node i.
func (r *rewriter) number(i int, x float64) ir.ValueID {
	return r.value(r.Value(r.out(i)).Name+".const", ir.Floats([]float32{float32(x)}).Type())
}
