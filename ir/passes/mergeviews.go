package passes

import (
	"slices"

	"ann2snn/ir"
)

// mergeViews makes one Reshape of consecutive nodes that change the shape but not the
// order of elements. A Transpose that only moves axes of length 1 is such a node, too.
func mergeViews(g *ir.Graph) (int, error) {
	return rewrite(g, func(r *rewriter, i int) (bool, error) {
		if !r.isView(i) {
			return false, nil
		}
		x := r.in(i, 0)
		j := r.source(x)
		if j >= 0 && r.isView(j) {
			x = r.in(j, 0)
		} else if _, ok := r.Nodes[i].Op.(ir.Transpose); !ok {
			return false, nil
		}
		op, in := r.reshape(x, r.out(i))
		r.setOp(i, op, in...)
		return true, nil
	})
}

func (r *rewriter) isView(i int) bool {
	switch op := r.Nodes[i].Op.(type) {
	case ir.Reshape, ir.Flatten, ir.Squeeze, ir.Unsqueeze:
		return true
	case ir.Transpose:
		shape := r.Type(r.in(i, 0)).Shape
		perm, err := op.Permutation(len(shape))
		long := slices.DeleteFunc(slices.Clone(perm), func(a int) bool { return shape[a].N == 1 })
		return err == nil && slices.IsSorted(long)
	}
	return false
}

// reshape returns the operator and inputs that give v by a Reshape of x.
func (r *rewriter) reshape(x, v ir.ValueID) (ir.Op, []ir.ValueID) {
	dims := r.Type(v).Shape.Ints()
	shape := r.value(r.Value(v).Name+".shape", intList(dims).Type())
	return ir.Reshape{AllowZero: slices.Contains(dims, 0)}, []ir.ValueID{x, shape}
}

// intList returns a constant list of integers.
func intList(v []int) *ir.Tensor {
	t := ir.Ints(make([]int64, len(v)), len(v))
	for i, n := range v {
		t.I[i] = int64(n)
	}
	return t
}
