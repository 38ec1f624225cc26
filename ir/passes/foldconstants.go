package passes

import (
	"fmt"
	"slices"

	"ann2snn/internal/ann"
	"ann2snn/ir"
)

// A folder may compute so many elements and so many multiplications more before it
// leaves nodes to the run: a small file must not become much memory or time.
type folder struct {
	*ir.Graph
	elements, products int
}

const (
	spareElements = 1 << 24 // of a decomposition
	foldElements  = 1 << 22 // in addition to a multiple of the elements in the file
	spareProducts = 1 << 32
)

// foldConstants infers all types and replaces what depends on constants and known shapes
// alone by constants, evaluated by the reference executor: the arithmetic that computes
// the argument of a Reshape, the transposition of weights.
func foldConstants(g *ir.Graph) (int, error) {
	f := folder{g, foldElements, spareProducts}
	for _, v := range g.Values {
		if v.Type.Const != nil {
			f.elements += 4 * v.Type.Const.Len()
		}
	}
	changed := 0
	for i := range g.Nodes {
		folded, err := f.fold(i)
		if err != nil {
			return changed, err
		}
		if folded {
			g.Nodes[i] = ir.Node{}
			changed++
		}
	}
	sortNodes(g)
	sweep(g)
	return changed, nil
}

// fold sets the types of node i's outputs and reports whether all of them are constants now.
func (f *folder) fold(i int) (bool, error) {
	n := &f.Nodes[i]
	types, err := f.NodeTypes(i)
	if err != nil {
		return false, err
	}
	variable := func(t ir.Type) bool { return t.Const == nil }
	if slices.ContainsFunc(types, variable) && f.allConst(n.In) && ann.Supports(n.Op) && f.affordable(n, types) {
		if err := f.evaluate(i, types); err != nil {
			return false, fmt.Errorf("%s %q: %w", n.Op.Kind(), f.Label(i), err)
		}
	}
	folded := !slices.ContainsFunc(types, variable)
	for j, id := range n.Out {
		if id == ir.None {
			continue
		}
		if !folded {
			types[j].Const = nil
		}
		f.Value(id).Type = types[j]
	}
	return folded, nil
}

func (f *folder) allConst(ids []ir.ValueID) bool {
	for _, id := range ids {
		if id != ir.None && f.Type(id).Const == nil {
			return false
		}
	}
	return true
}

// affordable takes the cost of node n from what may be spent. Windows over constants
// are left to the run: no exporter computes weights by them.
func (f *folder) affordable(n *ir.Node, out []ir.Type) bool {
	elements, inner := 0, 0
	for _, t := range out {
		elements += t.Elems()
	}
	switch op := n.Op.(type) {
	case ir.Conv, ir.AveragePool, ir.MaxPool:
		return false
	case ir.MatMul:
		a := f.Type(n.In[0]).Shape
		inner = a[len(a)-1].N
	case ir.Gemm:
		inner = f.Type(n.In[0]).Shape[1].N
		if op.TransA {
			inner = f.Type(n.In[0]).Shape[0].N
		}
	}
	if elements > f.elements || inner > 0 && elements > f.products/inner {
		return false
	}
	f.elements -= elements
	f.products -= elements * inner
	return true
}

// evaluate computes node i and stores the results in types.
func (f *folder) evaluate(i int, types []ir.Type) error {
	n := &f.Nodes[i]
	in := make([]*ir.Tensor, len(n.In))
	for j, id := range n.In {
		in[j] = f.Type(id).Const
	}
	out, err := ann.Eval(n.Op, in)
	if err != nil {
		return err
	}
	for j := range types {
		if t := out[j].Type(); t.String() != types[j].String() {
			return fmt.Errorf("evaluates to %v, not to %v", t, types[j])
		}
		types[j] = out[j].Type()
	}
	return nil
}
