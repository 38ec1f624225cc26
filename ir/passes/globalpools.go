package passes

import (
	"slices"

	"ann2snn/ir"
)

// globalPools makes global pools of means over all spatial axes and of pools whose one
// window is the whole input.
func globalPools(g *ir.Graph) (int, error) {
	return rewrite(g, func(r *rewriter, i int) (bool, error) {
		x := r.in(i, 0)
		switch op := r.Nodes[i].Op.(type) {
		case ir.AveragePool:
			if wholeWindow(op.Kernel, op.Window, r.Type(x).Shape) {
				r.setOp(i, ir.GlobalAveragePool{}, x)
				return true, nil
			}
		case ir.MaxPool:
			if wholeWindow(op.Kernel, op.Window, r.Type(x).Shape) {
				r.setOp(i, ir.GlobalMaxPool{}, x)
				return true, nil
			}
		case ir.Reduce:
			axes, err := op.Axes(r.types(i))
			if err != nil || op.Fn != ir.Mean || !spatial(axes, r.Type(x)) {
				return false, err
			}
			r.meanToPool(i, op.KeepDims)
			return true, nil
		}
		return false, nil
	})
}

// wholeWindow reports whether a window lies on all of x and on nothing else.
func wholeWindow(kernel []int, w ir.Window, x ir.Shape) bool {
	return slices.Equal(kernel, x[2:].Ints()) && all(w.Pads, 0) && all(w.Dilations, 1) && !w.Ceil
}

// spatial reports whether the sorted axes are all axes of t but batch and channels.
func spatial(axes []int, t ir.Type) bool {
	rank := len(t.Shape)
	return t.DType == ir.Float32 && rank > 2 && len(axes) == rank-2 && axes[0] == 2
}

// meanToPool makes mean i a global pool, followed by a Reshape where it drops its axes.
func (r *rewriter) meanToPool(i int, keepDims bool) {
	x, out := r.in(i, 0), r.out(i)
	if keepDims {
		r.setOp(i, ir.GlobalAveragePool{}, x)
		return
	}
	in := r.Type(x).Shape.Ints()
	ones := slices.Repeat([]int{1}, len(in)-2)
	pooled := r.value(r.Value(out).Name, ir.Of(ir.Float32, append(in[:2:2], ones...)...))
	r.add(ir.Node{Name: r.Nodes[i].Name, Op: ir.GlobalAveragePool{}, In: []ir.ValueID{x}, Out: []ir.ValueID{pooled}})
	op, inputs := r.reshape(pooled, out)
	r.setOp(i, op, inputs...)
}
