package spec

import (
	"context"

	"ann2snn/internal/facts"
	"ann2snn/internal/kernels/spike"
)

// What another engine for integer networks has no kernels for, it leaves to the operators
// and the rules here.

// Operator computes the current of a layer, or what it moves, in a session.
type Operator struct {
	op     op[int32]
	moment moment[int32]
	state  state[int32]
	watch  spike.Watch
}

// NewOperator returns the operator of layer i of an integer network.
func NewOperator(f *facts.Network, i int) *Operator {
	o := &Operator{op: compileOp(f, i, &integers)}
	o.moment.state, o.moment.watch = &o.state, &o.watch
	if op, ok := o.op.(remembering[int32]); ok {
		op.remember(&o.state)
	}
	return o
}

// Begin prepares the operator for step 1 of a run, which the context may end in the middle of
// a layer.
func (o *Operator) Begin(ctx context.Context) {
	o.watch.Begin(ctx)
	clear(o.state.totals)
	clear(o.state.best)
	clear(o.state.sums)
}

// Step sets dst from the inputs' outputs of step t (from 1); biased says that the step takes
// biases.
func (o *Operator) Step(dst []int32, in [][]int32, t int, biased bool) {
	o.moment.step, o.moment.biased = t, biased
	o.op.step(dst, in, &o.moment)
}

// NewNeurons returns the neurons of layer i of an integer network, nil without.
func NewNeurons(f *facts.Network, i int) *Neurons[int32] {
	l := &f.Layers[i]
	if l.Neuron == nil {
		return nil
	}
	return newNeurons(intRule(f.Network, l), l.Shape.Len())
}
