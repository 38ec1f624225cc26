package passes

import (
	"reflect"
	"slices"

	"ann2snn/ir"
)

// explicitPadding fills every field of windows in: strides, dilations and the padding
// that auto_pad asks for. Where a pool rounds its output length up, the elements that
// this adds beyond the end become padding, unless an average would then count them.
func explicitPadding(g *ir.Graph) (int, error) {
	return rewrite(g, func(r *rewriter, i int) (bool, error) {
		op, err := r.filledIn(i)
		if err != nil || reflect.DeepEqual(op, r.Nodes[i].Op) {
			return false, err
		}
		r.Nodes[i].Op = op
		return true, nil
	})
}

// filledIn returns the operator of node i with its window filled in.
func (r *rewriter) filledIn(i int) (ir.Op, error) {
	x := r.Type(r.in(i, 0)).Shape
	var err error
	switch op := r.Nodes[i].Op.(type) {
	case ir.Conv:
		kernel := r.Type(r.in(i, 1)).Shape[2:].Ints()
		op.Window, err = fillWindow(op.Window, kernel, x, false)
		return op, err
	case ir.MaxPool:
		op.Window, err = fillWindow(op.Window, op.Kernel, x, true)
		return op, err
	case ir.AveragePool:
		op.Window, err = fillWindow(op.Window, op.Kernel, x, !op.CountPad)
		return op, err
	default:
		return op, nil
	}
}

// fillWindow resolves w for an input of shape x; extend says whether padding may be
// added at the end of axes to replace Ceil.
func fillWindow(w ir.Window, kernel []int, x ir.Shape, extend bool) (ir.Window, error) {
	in := x[2:].Ints()
	w, out, err := w.Resolve(kernel, in)
	if err != nil || !w.Ceil {
		return w, err
	}
	floor := w
	floor.Ceil = false
	if extend {
		floor.Pads = slices.Clone(w.Pads)
		for i, n := range in {
			reach := (out[i]-1)*w.Strides[i] + (kernel[i]-1)*w.Dilations[i] + 1
			end := &floor.Pads[len(in)+i]
			*end = max(*end, reach-n-w.Pads[i])
		}
	}
	if _, same, err := floor.Resolve(kernel, in); err == nil && slices.Equal(same, out) {
		return floor, nil
	}
	return w, nil
}
