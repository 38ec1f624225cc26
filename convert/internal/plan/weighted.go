package plan

import (
	"errors"

	"ann2snn/ir"
	"ann2snn/snn"
)

// Weighted is a planned operator with weights.
type Weighted interface {
	Op
	// Fan returns how many inputs a neuron has, and how many groups of channels there are that
	// share their inputs.
	Fan(l *Layer) (inputs, groups int)
	// Trained returns the weights of the trained network, f having a row of inputs for each
	// output channel, in the order of the inputs in snn.Weights. F is the caller's, bias is
	// not, and may be nil.
	Trained(l *Layer) (f, bias []float32)
	// Patch copies the inputs of the neurons at output position at, from a map of the
	// layer's input in C, H, W order, to dst: all groups, one after the other, each in the
	// order of a row of weights.
	Patch(l *Layer, dst, in []float32, at int)
}

// weighted adds a layer that computes the output of n, whose elements view places.
func (p *planner) weighted(n *ir.Node, op Op, in *Layer, shape snn.Shape, view []int32) {
	id := n.Out[0]
	l := p.add(&Layer{Op: op, In: []*Layer{in}, Shape: shape, Source: id, Current: id})
	l.View = p.set(id, l, view).view
}

// biasOf returns a constant input with an entry per output channel, nil where absent.
func (p *planner) biasOf(n *ir.Node, k int) ([]float32, error) {
	if k >= len(n.In) || n.In[k] == ir.None {
		return nil, nil
	}
	if b := p.constant(n, k); b != nil {
		return b.F, nil
	}
	return nil, errors.New("its bias is not constant")
}
