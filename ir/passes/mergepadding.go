package passes

import (
	"math"
	"slices"

	"ann2snn/ir"
)

// mergePadding lets windows do the padding of a Pad in front of them, where both pad
// with what cannot be told apart: zeros for Conv and for averages that count them, and
// for a maximum -infinity, or zeros among elements that are never negative.
func mergePadding(g *ir.Graph) (int, error) {
	return rewrite(g, func(r *rewriter, i int) (bool, error) {
		begin, end, fill, ok := r.padBefore(i)
		if !ok {
			return false, nil
		}
		x := r.in(r.source(r.in(i, 0)), 0)
		in := slices.Clone(r.Nodes[i].In)
		in[0] = x
		op := r.padded(i, begin, end, fill)
		if op == nil {
			return false, nil
		}
		types := r.types(i)
		types[0] = r.Type(x)
		_, tooMuch := op.Infer(types) // a pool must not pad as far as its window reaches
		if tooMuch == nil {
			r.setOp(i, op, in...)
		}
		return tooMuch == nil, nil
	})
}

// padBefore describes the Pad in front of node i: the spatial axes it lengthens and the
// constant it pads with.
func (r *rewriter) padBefore(i int) (begin, end []int, fill float64, ok bool) {
	j := r.source(r.in(i, 0))
	if j < 0 {
		return nil, nil, 0, false
	}
	op, ok := r.Nodes[j].Op.(ir.Pad)
	if !ok || op.Mode != ir.PadConstant || len(r.Type(r.in(j, 0)).Shape) < 3 {
		return nil, nil, 0, false
	}
	if v := r.in(j, 2); v != ir.None {
		if fill, ok = uniform(r.constant(v)); !ok {
			return nil, nil, 0, false
		}
	}
	begin, end, err := op.Ends(r.types(j))
	if err != nil || min(slices.Min(begin), slices.Min(end)) < 0 || !all(begin[:2], 0) || !all(end[:2], 0) {
		return nil, nil, 0, false
	}
	return begin[2:], end[2:], fill, true
}

// padded returns the operator of node i with more padding, or nil where that would not
// compute the same.
func (r *rewriter) padded(i int, begin, end []int, fill float64) ir.Op {
	switch op := r.Nodes[i].Op.(type) {
	case ir.Conv:
		if fill == 0 {
			op.Window = widened(op.Window, begin, end)
			return op
		}
	case ir.AveragePool:
		if fill == 0 && !op.Window.Ceil && (op.CountPad || all(op.Window.Pads, 0)) {
			op.Window, op.CountPad = widened(op.Window, begin, end), true
			return op
		}
	case ir.MaxPool:
		x := r.in(r.source(r.in(i, 0)), 0)
		if math.IsInf(fill, -1) || fill == 0 && r.nonNegative(x) {
			op.Window = widened(op.Window, begin, end)
			return op
		}
	}
	return nil
}

// widened returns w with begin and end added to its padding, which is explicit.
func widened(w ir.Window, begin, end []int) ir.Window {
	added := append(slices.Clone(begin), end...)
	for k := range w.Pads {
		added[k] += w.Pads[k]
	}
	w.Pads = added
	return w
}
