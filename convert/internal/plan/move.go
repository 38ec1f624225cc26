package plan

import (
	"errors"
	"slices"

	"ann2snn/internal/ann"
	"ann2snn/ir"
)

// Gather is a planned rearrangement of elements.
type Gather struct{ Index []int32 }

// lowerMove plans an operator that only moves elements. It adds no layer: the value gets a
// view, and a gathering layer is added where a consumer needs another layout.
func lowerMove(p *planner, n *ir.Node) error {
	v := p.in(n, 0)
	if v == nil {
		return errConstantInput
	}
	params := make([]*ir.Tensor, len(n.In)-1)
	for k := range params {
		id := n.In[k+1]
		if params[k] = p.constant(n, k+1); id != ir.None && params[k] == nil {
			return errors.New("its parameters are not constant")
		}
	}
	return p.move(n, v, params...)
}

func (p *planner) move(n *ir.Node, v *value, params ...*ir.Tensor) error {
	index, err := moved(n.Op, v.dims, params...)
	if err != nil {
		return err
	}
	for k, id := range n.Out {
		if id != ir.None && p.uses[id] > 0 {
			picked := v.pick(id, p.Graph.Type(id).Shape.Ints(), index[k])
			if v.host && !v.sameElements(picked) {
				return errReordered
			}
			p.put(picked)
		}
	}
	return nil
}

// sameElements reports whether w has the elements of v, in whatever order.
func (v *value) sameElements(w *value) bool {
	have, want := slices.Clone(w.places()), slices.Clone(v.places())
	slices.Sort(have)
	slices.Sort(want)
	return slices.Equal(have, want)
}

// moved returns for each element of the operator's outputs the number of the element of its
// first input that it is, counted from 1; 0 stands for a constant 0. The executor finds them,
// by moving numbers.
func moved(op ir.Op, dims []int, params ...*ir.Tensor) ([][]int64, error) {
	numbers := make([]int64, product(dims))
	for i := range numbers {
		numbers[i] = int64(i + 1)
	}
	outs, err := ann.Eval(op, append([]*ir.Tensor{ir.Ints(numbers, dims...)}, params...))
	if err != nil {
		return nil, err
	}
	index := make([][]int64, len(outs))
	for k, t := range outs {
		index[k] = t.I
	}
	return index, nil
}
