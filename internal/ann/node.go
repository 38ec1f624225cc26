package ann

import (
	"errors"

	"ann2snn/ir"
)

// step computes the outputs of one node.
type step func(m *memory) error

// node is one node on its way to a step.
type node struct {
	op      ir.Op
	packs   *packs   // the kernels to prepare constants for, and those that are prepared
	in      []*value // nil where an optional input is absent
	out     []*value // nil where nothing reads the output
	scratch []*value // live during the step only
	before  []*node  // bring inputs to another order

	overwrites []*value // inputs in whose memory the first output may be computed
	private    bool     // the first output must not share memory with a value that lives on
}

// input returns input i, or nil where it is absent.
func (n *node) input(i int) *value {
	if i < len(n.in) {
		return n.in[i]
	}
	return nil
}

// types returns the types of the inputs.
func (n *node) types() []ir.Type {
	t := make([]ir.Type, len(n.in))
	for i, v := range n.in {
		t[i] = v.irType()
	}
	return t
}

// temporary reserves memory for elems floats that only this step uses.
func (n *node) temporary(elems int) *value {
	v := &value{dtype: ir.Float32, shape: []int{elems}, n: elems}
	n.scratch = append(n.scratch, v)
	return v
}

// allowOverwrite lets the first output take over the memory of input i, for steps that
// read every element of it before they write the same one.
func (n *node) allowOverwrite(i int) { n.overwrites = append(n.overwrites, n.in[i]) }

// view makes the first output the elements of the first input under another shape.
func (n *node) view() (step, error) {
	in, out := n.in[0], n.out[0]
	out.interleaved = in.interleaved
	switch {
	case in.constant != nil:
		k := *in.constant
		k.Shape = out.shape
		out.constant = &k
		return nil, nil
	case n.private:
		n.allowOverwrite(0)
		return forElement(in.dtype, copyStep[float32], copyStep[int64], copyStep[bool])(out, in), nil
	}
	out.shares = in
	return nil, nil
}

func copyStep[T element](dst, src *value) step {
	return func(m *memory) error {
		copy(elements[T](dst, m), elements[T](src, m))
		return nil
	}
}

// forElement returns the argument for an element type.
func forElement[F any](d ir.DType, floats, ints, bools F) F {
	switch d {
	case ir.Int64:
		return ints
	case ir.Bool:
		return bools
	}
	return floats
}

// build makes the step of n. The step is nil where the outputs need no computation;
// those without elements never do, so that builders need not think of them.
func (n *node) build() (step, error) {
	b, ok := builderOf(n.op)
	if !ok {
		return nil, errors.New("the executor has no such operator")
	}
	for _, t := range n.out {
		if t != nil && t.n > 0 {
			if !b.anyOrder {
				n.toONNXOrder()
			}
			return b.build(n)
		}
	}
	return nil, nil
}
