package passes

import (
	"math"
	"slices"

	"ann2snn/internal/ann"
	"ann2snn/ir"
)

// removeNoOps removes nodes whose output is their input.
func removeNoOps(g *ir.Graph) (int, error) {
	return rewrite(g, func(r *rewriter, i int) (bool, error) {
		x, ok := r.unchanged(i)
		return ok && r.bypass(i, x), nil
	})
}

// unchanged returns the input that the output of node i equals, if there is one.
func (r *rewriter) unchanged(i int) (ir.ValueID, bool) {
	switch op := r.Nodes[i].Op.(type) {
	case ir.Add, ir.Binary:
		return r.neutral(i)
	case ir.Dropout:
		return r.in(i, 0), r.maskUnused(i)
	case ir.Relu:
		return r.in(i, 0), r.nonNegative(r.in(i, 0))
	case ir.Clip:
		return r.in(i, 0), r.unbounded(i)
	case ir.Cast:
		return r.in(i, 0), op.To == r.Type(r.in(i, 0)).DType && keepsValues(op.Stored)
	case ir.Identity:
		return r.in(i, 0), true
	case ir.Concat:
		return r.in(i, 0), len(r.Nodes[i].In) == 1
	case ir.Split:
		return r.in(i, 0), op.Parts == 1
	}
	return r.in(i, 0), r.sameShape(r.in(i, 0), r.out(i)) && r.onlyShapes(i)
}

// onlyShapes reports whether node i changes nothing if it does not change the shape.
func (r *rewriter) onlyShapes(i int) bool {
	switch op := r.Nodes[i].Op.(type) {
	case ir.Reshape, ir.Flatten, ir.Squeeze, ir.Unsqueeze, ir.Expand, ir.Reduce,
		ir.GlobalAveragePool, ir.GlobalMaxPool:
		return true
	case ir.AveragePool:
		return all(op.Kernel, 1)
	case ir.MaxPool:
		return all(op.Kernel, 1)
	case ir.Transpose:
		perm, err := op.Permutation(len(r.Type(r.in(i, 0)).Shape))
		return err == nil && slices.IsSorted(perm)
	case ir.Pad:
		begin, end, err := op.Ends(r.types(i))
		return err == nil && all(begin, 0) && all(end, 0)
	case ir.Slice:
		box, err := op.Box(r.types(i))
		return err == nil && !slices.ContainsFunc(box, func(b ir.Range) bool { return b.Step != 1 })
	}
	return false
}

// neutral returns the other operand where one operand of node i is 0 or 1 and does nothing.
func (r *rewriter) neutral(i int) (ir.ValueID, bool) {
	x, c, constFirst, ok := r.operand(i)
	if !ok {
		return ir.None, false
	}
	if _, ok := r.Nodes[i].Op.(ir.Add); ok {
		return x, c == 0
	}
	switch r.Nodes[i].Op.(ir.Binary).Fn {
	case ir.Mul:
		return x, c == 1
	case ir.Div, ir.Pow:
		return x, c == 1 && !constFirst
	case ir.Sub:
		return x, c == 0 && !constFirst
	}
	return ir.None, false
}

// maskUnused reports whether nothing reads the mask of Dropout i.
func (r *rewriter) maskUnused(i int) bool {
	out := r.Nodes[i].Out
	return len(out) < 2 || out[1] == ir.None || len(r.readers[out[1]]) == 0 && !r.isOutput(out[1])
}

// unbounded reports whether Clip i has no finite bound.
func (r *rewriter) unbounded(i int) bool {
	low, high, ok := r.bounds(i)
	return ok && math.IsInf(low, -1) && math.IsInf(high, 1)
}

// bounds returns the bounds of Clip i, infinite where there is none, if they are
// constant. The largest float32 counts as infinite: exporters write it for "no bound".
func (r *rewriter) bounds(i int) (low, high float64, ok bool) {
	low, high = math.Inf(-1), math.Inf(1)
	if r.Type(r.in(i, 0)).DType != ir.Float32 {
		return low, high, false
	}
	if v := r.in(i, 1); v != ir.None {
		if low, ok = uniform(r.constant(v)); !ok {
			return low, high, false
		}
	}
	if v := r.in(i, 2); v != ir.None {
		if high, ok = uniform(r.constant(v)); !ok {
			return low, high, false
		}
	}
	if low == -math.MaxFloat32 {
		low = math.Inf(-1)
	}
	if high == math.MaxFloat32 {
		high = math.Inf(1)
	}
	return low, high, true
}

// keepsValues reports whether a Cast to the stored type changes no value of the same IR
// type: all floats are computed in float32 here, and integers in int64.
func keepsValues(stored string) bool {
	return slices.Contains([]string{"", "float32", "float", "float16", "bfloat16", "double", "int64", "bool"}, stored)
}

// maxTrace bounds how far nonNegative looks back.
const maxTrace = 16

// nonNegative reports whether v is known to have no negative element.
func (r *rewriter) nonNegative(v ir.ValueID) bool {
	for range maxTrace {
		i := r.source(v)
		if i < 0 {
			return false
		}
		switch op := r.Nodes[i].Op.(type) {
		case ir.Softmax:
			return true
		case ir.Clip:
			low, _, ok := r.bounds(i)
			return ok && low >= 0
		case ir.MaxPool, ir.AveragePool, ir.GlobalMaxPool, ir.GlobalAveragePool,
			ir.Reshape, ir.Flatten, ir.Squeeze, ir.Unsqueeze, ir.Transpose, ir.Slice:
			v = r.in(i, 0)
		case ir.Pad:
			if r.in(i, 2) != ir.None && op.Mode == ir.PadConstant {
				return false
			}
			v = r.in(i, 0)
		default:
			act, ok := ann.Activation(op)
			return ok && act.NonNegative()
		}
	}
	return false
}
