package passes

import (
	"slices"

	"ann2snn/internal/ann"
	"ann2snn/ir"
)

// uniform returns the one number that all elements of a float constant are.
func uniform(t *ir.Tensor) (float64, bool) {
	if t == nil || t.DType != ir.Float32 || len(t.F) == 0 {
		return 0, false
	}
	if slices.ContainsFunc(t.F, func(f float32) bool { return f != t.F[0] }) {
		return 0, false
	}
	return float64(t.F[0]), true
}

// operand splits an elementwise node of two inputs into the value of its constant input,
// the same for all elements, and the other input, which has the shape of the result.
func (r *rewriter) operand(i int) (x ir.ValueID, c float64, constFirst, ok bool) {
	if len(r.Nodes[i].In) != 2 {
		return ir.None, 0, false, false
	}
	a, b := r.in(i, 0), r.in(i, 1)
	x = a
	c, ok = uniform(r.constant(b))
	if !ok {
		x, constFirst = b, true
		c, ok = uniform(r.constant(a))
	}
	return x, c, constFirst, ok && r.sameShape(x, r.out(i))
}

// sameShape reports whether two values of known shape have the same.
func (r *rewriter) sameShape(a, b ir.ValueID) bool {
	return slices.Equal(r.Type(a).Shape.Ints(), r.Type(b).Shape.Ints())
}

// types returns the types of node i's inputs, as its operator takes them.
func (r *rewriter) types(i int) []ir.Type {
	in := make([]ir.Type, len(r.Nodes[i].In))
	for j, id := range r.Nodes[i].In {
		in[j] = r.Type(id)
	}
	return in
}

// isPerChannel reports whether a constant broadcasts to shape and varies with the
// channel alone, which is axis 1.
func isPerChannel(t *ir.Tensor, shape ir.Shape) bool {
	if t == nil || t.DType != ir.Float32 || len(t.Shape) > len(shape) {
		return false
	}
	missing := len(shape) - len(t.Shape)
	for a, n := range t.Shape {
		if n != 1 && (missing+a != 1 || n != shape[1].N) {
			return false
		}
	}
	return t.Len() > 0
}

// perChannel spreads a constant that isPerChannel over the channels.
func perChannel(t *ir.Tensor, shape ir.Shape) ([]float64, bool) {
	if !isPerChannel(t, shape) {
		return nil, false
	}
	channels := make([]float64, shape[1].N)
	for c := range channels {
		channels[c] = float64(t.F[c%t.Len()])
	}
	return channels, true
}

// transposed returns t with its axes permuted.
func transposed(t *ir.Tensor, perm ...int) (*ir.Tensor, error) {
	out, err := ann.Eval(ir.Transpose{Perm: perm}, []*ir.Tensor{t})
	if err != nil {
		return nil, err
	}
	return out[0], nil
}

// withShape returns t under another shape of as many elements.
func withShape(t *ir.Tensor, shape ...int) *ir.Tensor {
	c := *t
	c.Shape = shape
	return &c
}

// rounded returns f as float32 and whether that is finite.
func rounded(f float64) (float32, bool) {
	r := float32(f)
	return r, r-r == 0
}

// allRounded is rounded for a list.
func allRounded(list []float64) ([]float32, bool) {
	out := make([]float32, len(list))
	for i, f := range list {
		r, ok := rounded(f)
		if !ok {
			return nil, false
		}
		out[i] = r
	}
	return out, true
}
