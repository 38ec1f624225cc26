package passes

import (
	"slices"

	"ann2snn/internal/ann"
	"ann2snn/ir"
)

// activationBeforeMax swaps a maximum with a monotone activation that follows it, which
// changes no result: the maximum then acts on spikes, and the activation follows the
// layer whose neurons take it.
func activationBeforeMax(g *ir.Graph) (int, error) {
	return rewrite(g, func(r *rewriter, i int) (bool, error) {
		name, changed := r.Value(r.out(i)).Name, false
		for j, ok := r.maxBefore(i); ok; j, ok = r.maxBefore(i) {
			r.swap(j, i, name)
			i, changed = j, true
		}
		return changed, nil
	})
}

// maxBefore returns the maximum that node i, a monotone activation, alone reads.
func (r *rewriter) maxBefore(i int) (int, bool) {
	j := r.source(r.in(i, 0))
	if j < 0 || !isMax(r.Nodes[j].Op) || !r.isMonotone(i) {
		return 0, false
	}
	_, sole := r.sole(r.out(j))
	return j, sole
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
	case ir.Clip:
		_, _, ok := r.bounds(i)
		return ok
	case ir.PRelu:
		slope := r.constant(r.in(i, 1))
		return isPerChannel(slope, r.Type(r.in(i, 0)).Shape) && slices.Min(slope.F) >= 0
	default:
		act, ok := ann.Activation(op)
		return ok && act.Monotone()
	}
}

// swap puts node act, the only reader of pool, in front of pool: the two nodes change
// places. The value between them is named after name.
func (r *rewriter) swap(pool, act int, name string) {
	activation, maximum := r.Nodes[act], r.Nodes[pool]
	x, out := maximum.In[0], activation.Out
	in := append([]ir.ValueID{x}, activation.In[1:]...)
	activated := []ir.ValueID{r.value(name, r.Type(x))}
	r.set(pool, activation.Op, in, activated)
	r.set(act, maximum.Op, activated, out)
	r.Nodes[pool].Name, r.Nodes[act].Name = activation.Name, maximum.Name
}
