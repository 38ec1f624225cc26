package passes

import (
	"fmt"

	"ann2snn/ir"
)

// innerSoftmax spells out each Softmax that the network goes on with, as an exponential function,
// a sum and a quotient, which neurons and products of signals compute. One at the output stays: it
// is computed on the result.
func innerSoftmax(g *ir.Graph) (int, error) {
	inner := make(map[ir.ValueID]bool)
	for _, n := range g.Nodes {
		if _, ok := n.Op.(ir.Softmax); ok && len(n.Out) == 1 && !endsAt(g, n.Out[0]) {
			inner[n.Out[0]] = true
		}
	}
	if len(inner) == 0 {
		return 0, nil
	}
	return rewrite(g, func(r *rewriter, i int) (bool, error) {
		op, ok := r.Nodes[i].Op.(ir.Softmax)
		if !ok || !inner[r.Nodes[i].Out[0]] {
			return false, nil
		}
		e := &expansion{rewriter: r, node: i}
		out := e.softmax(op)
		if e.err != nil {
			return false, fmt.Errorf("%s %q: %w", op.Kind(), r.Label(i), e.err)
		}
		e.replace(out)
		return true, nil
	})
}

// endsAt reports whether a value is the output, or only moved on the way there.
func endsAt(g *ir.Graph, v ir.ValueID) bool {
	consumers := g.Consumers()
	for range g.Nodes {
		for _, out := range g.Outputs {
			if out == v {
				return true
			}
		}
		if len(consumers[v]) != 1 {
			return false
		}
		n := g.Nodes[consumers[v][0]]
		if !movesIndices(n.Op) {
			return false
		}
		v = n.Out[0]
	}
	return false
}

// softmax divides by the sum of exponentials. The largest number is taken off first, so that none
// is above 1 and the sum is at least that.
func (e *expansion) softmax(op ir.Softmax) ir.ValueID {
	x := e.input(0)
	axis, err := ir.Axis(op.Axis, len(e.shapeOf(x)))
	if err != nil {
		e.fail(err)
		return ir.None
	}
	along := []int{axis}
	for a := axis + 1; op.Flatten && a < len(e.shapeOf(x)); a++ {
		along = append(along, a)
	}
	axes := e.ints(along...)
	largest := e.add(ir.Reduce{Fn: ir.Largest, KeepDims: true}, x, axes)
	exp := e.add(ir.Unary{Fn: ir.Exp}, e.add(ir.Binary{Fn: ir.Sub}, x, largest))
	return e.add(ir.Binary{Fn: ir.Div}, exp, e.add(ir.Reduce{Fn: ir.Sum, KeepDims: true}, exp, axes))
}
