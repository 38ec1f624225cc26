package passes

import (
	"fmt"
	"slices"

	"ann2snn/ir"
)

// constantRight turns products around whose left operand is a constant matrix, as those of graph
// networks with their adjacency: weights are on the right everywhere below. AX is the transpose
// of X'A'.
func constantRight(g *ir.Graph) (int, error) {
	return rewrite(g, func(r *rewriter, i int) (bool, error) {
		if _, ok := r.Nodes[i].Op.(ir.MatMul); !ok {
			return false, nil
		}
		a, x := r.constant(r.in(i, 0)), r.in(i, 1)
		rank := len(r.Type(x).Shape)
		if a == nil || a.DType != ir.Float32 || r.constant(x) != nil || rank < 2 || len(a.Shape) < 2 || len(a.Shape) > rank {
			return false, nil
		}
		matrix := a.Shape[len(a.Shape)-2:]
		if a.Len() != matrix[0]*matrix[1] {
			return false, nil
		}
		turned, err := transposed(withShape(a, matrix...), 1, 0)
		if err != nil {
			return false, err
		}
		e := &expansion{rewriter: r, node: i}
		perm := make([]int, rank)
		for k := range perm {
			perm[k] = k
		}
		slices.Reverse(perm[rank-2:])
		out := e.transpose(e.add(ir.MatMul{}, e.transpose(x, perm...), e.constant(turned)), perm...)
		if e.err != nil {
			return false, fmt.Errorf("MatMul %q: %w", r.Label(i), e.err)
		}
		e.replace(out)
		return true, nil
	})
}
