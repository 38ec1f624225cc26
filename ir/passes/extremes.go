package passes

import (
	"fmt"
	"slices"

	"ann2snn/ir"
)

// extremes rewrites what takes the larger of two values to rectifiers, or to bounds where one of
// them is a number, and what folds axes by other functions than sums to pools and sums.
func extremes(g *ir.Graph) (int, error) {
	return rewrite(g, func(r *rewriter, i int) (bool, error) {
		if r.Type(r.in(i, 0)).DType != ir.Float32 {
			return false, nil
		}
		e := &expansion{rewriter: r, node: i}
		var out ir.ValueID
		switch op := r.Nodes[i].Op.(type) {
		case ir.Binary:
			if op.Fn != ir.Max && op.Fn != ir.Min {
				return false, nil
			}
			out = e.extreme(op.Fn)
		case ir.Reduce:
			if op.Fn == ir.Mean || op.Fn == ir.Sum {
				return false, nil
			}
			out = e.reduction(op)
		default:
			return false, nil
		}
		if e.err != nil {
			return false, fmt.Errorf("%s %q: %w", r.Nodes[i].Op.Kind(), r.Label(i), e.err)
		}
		e.replace(out)
		return true, nil
	})
}

// extreme is max(a,b) = a + relu(b-a), and min(a,b) = a - relu(a-b).
func (e *expansion) extreme(fn ir.BinaryFn) ir.ValueID {
	if x, c, _, ok := e.operand(e.node); ok {
		bound := e.constant(ir.Floats([]float32{float32(c)}))
		if fn == ir.Max {
			return e.add(ir.Clip{}, x, bound)
		}
		return e.add(ir.Clip{}, x, ir.None, bound)
	}
	a, b := e.input(0), e.input(1)
	if out := e.out(e.node); e.Type(b).Const != nil || !e.sameShape(a, out) && e.sameShape(b, out) {
		a, b = b, a
	}
	if out := e.out(e.node); e.Type(a).Const == nil && !e.sameShape(a, out) {
		a = e.add(ir.Expand{}, a, e.ints(e.shapeOf(out)...))
	}
	if fn == ir.Max {
		return e.add(ir.Add{}, a, e.add(ir.Relu{}, e.add(ir.Binary{Fn: ir.Sub}, b, a)))
	}
	return e.add(ir.Binary{Fn: ir.Sub}, a, e.add(ir.Relu{}, e.add(ir.Binary{Fn: ir.Sub}, a, b)))
}

// reduction folds axes of the node's input.
func (e *expansion) reduction(op ir.Reduce) ir.ValueID {
	x := e.input(0)
	in := e.types(e.node)
	sum := func(v ir.ValueID) ir.ValueID {
		return e.add(ir.Reduce{Fn: ir.Sum, KeepDims: op.KeepDims, NoopEmpty: op.NoopEmpty}, append([]ir.ValueID{v}, e.Nodes[e.node].In[1:]...)...)
	}
	switch op.Fn {
	case ir.L1:
		return sum(e.add(ir.Unary{Fn: ir.Abs}, x))
	case ir.SumSquare:
		return sum(e.add(ir.Binary{Fn: ir.Mul}, x, x))
	case ir.L2:
		return e.add(ir.Unary{Fn: ir.Sqrt}, sum(e.add(ir.Binary{Fn: ir.Mul}, x, x)))
	}
	axes, err := op.Axes(in)
	if err != nil {
		e.fail(err)
		return ir.None
	}
	if op.Fn == ir.Largest {
		return e.largest(x, axes)
	}
	return e.add(ir.Unary{Fn: ir.Neg}, e.largest(e.add(ir.Unary{Fn: ir.Neg}, x), axes))
}

// largest pools x over axes: over the positions of a map as it is, over others where they are
// brought to the back.
func (e *expansion) largest(x ir.ValueID, axes []int) ir.ValueID {
	dims, out := e.shapeOf(x), e.shapeOf(e.out(e.node))
	if !spatial(axes, e.Type(x)) {
		var perm []int
		kept, folded := 1, 1
		for a, n := range dims {
			if slices.Contains(axes, a) {
				folded *= n
			} else {
				perm, kept = append(perm, a), kept*n
			}
		}
		perm = append(perm, axes...)
		if !slices.IsSorted(perm) {
			x = e.transpose(x, perm...)
		}
		x = e.reshape(x, 1, kept, folded)
	}
	pooled := e.add(ir.GlobalMaxPool{}, x)
	if slices.Equal(e.shapeOf(pooled), out) {
		return pooled
	}
	return e.reshape(pooled, out...)
}
