package passes

import (
	"slices"

	"ann2snn/ir"
)

// activationBeforeMax swaps a maximum with a monotone activation behind it, which
// changes no result: the maximum then acts on spikes, and the activation stands right
// behind the layer whose membrane it is.
func activationBeforeMax(g *ir.Graph) (int, error) {
	return rewrite(g, func(r *rewriter, i int) (bool, error) {
		j := r.source(r.in(i, 0))
		if j < 0 || !isMax(r.Nodes[j].Op) || !r.isMonotone(i) {
			return false, nil
		}
		if _, sole := r.sole(r.out(j)); !sole {
			return false, nil
		}
		r.swap(j, i)
		return true, nil
	})
}

func isMax(op ir.Op) bool {
	switch op.(type) {
	case ir.MaxPool, ir.GlobalMaxPool:
		return true
	}
	return false
}

// isMonotone reports whether node i is an activation that never falls, the same at every
// position of a channel.
func (r *rewriter) isMonotone(i int) bool {
	switch op := r.Nodes[i].Op.(type) {
	case ir.Relu, ir.Sigmoid, ir.Tanh:
		return true
	case ir.Clip:
		_, _, ok := r.bounds(i)
		return ok
	case ir.LeakyRelu:
		return op.Alpha >= 0
	case ir.Elu:
		return op.Alpha >= 0
	case ir.HardSigmoid:
		return op.Alpha >= 0
	case ir.PRelu:
		slope := r.constant(r.in(i, 1))
		return isPerChannel(slope, r.Type(r.in(i, 0)).Shape) && slices.Min(slope.F) >= 0
	}
	return false
}

// swap puts node act, the only reader of pool, in front of pool.
func (r *rewriter) swap(pool, act int) {
	first, second := r.Nodes[act], r.Nodes[pool]
	x, out := second.In[0], first.Out
	activated := r.value(r.Value(out[0]).Name, r.Type(x))
	first.In = append([]ir.ValueID{x}, first.In[1:]...)
	first.Out = []ir.ValueID{activated}
	second.In, second.Out = first.Out, out
	r.remove(act)
	r.remove(pool)
	r.add(first)
	r.add(second)
}
