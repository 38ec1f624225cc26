package plan

import (
	"fmt"
	"slices"

	"ann2snn/ir"
	"ann2snn/snn"
)

// lowerReduce plans a mean or sum over axes. Unless these are the positions of a map, the
// other axes become channels, and these become the positions of a row.
func lowerReduce(p *planner, n *ir.Node) error {
	op, _ := n.Op.(ir.Reduce)
	v, err := p.activation(n)
	if err != nil {
		return err
	}
	types := []ir.Type{p.Graph.Type(n.In[0])}
	if c := p.constant(n, 1); c != nil {
		types = append(types, c.Type())
	}
	axes, err := op.Axes(types)
	if err != nil {
		return fmt.Errorf("its axes are not known: %w", err)
	}
	if op.Fn != ir.Mean && op.Fn != ir.Sum {
		return fmt.Errorf("%v over axes is not linear in spikes", op.Fn)
	}
	if len(axes) == 0 {
		return lowerPass(p, n)
	}
	if !v.spatial(axes) {
		if v, err = v.foldLast(axes); err != nil {
			return err
		}
	}
	p.fold(n, op, v)
	return nil
}

// spatial reports whether axes are the positions of a map.
func (v *value) spatial(axes []int) bool {
	s := naturalShape(v.dims)
	return s.C < product(v.dims) && len(axes) == len(v.dims)-2 && axes[0] == 2
}

// foldLast returns v as [1, kept, folded] for the given axes.
func (v *value) foldLast(axes []int) (*value, error) {
	var perm []int
	kept := 1
	for axis, d := range v.dims {
		if !slices.Contains(axes, axis) {
			perm = append(perm, axis)
			kept *= d
		}
	}
	index, err := moved(ir.Transpose{Perm: append(perm, axes...)}, v.dims)
	if err != nil {
		return nil, err
	}
	f := v.pick(v.id, []int{1, kept, v.len() / kept}, index[0])
	f.origin = make([]int32, v.len())
	for to, from := range index[0] {
		f.origin[from-1] = int32(to)
	}
	return f, nil
}

func (p *planner) fold(n *ir.Node, op ir.Reduce, v *value) {
	in := p.even(v, "is summed up by "+p.Nodes[p.node].Name)
	s := SumPool{overAll(in.Shape), []float32{1}}
	if op.Fn == ir.Mean {
		s.Divisor[0] = float32(in.Shape.H * in.Shape.W)
	}
	id := n.Out[0]
	l := p.add(&Layer{
		Op: s, In: []*Layer{in}, Shape: snn.Shape{H: 1, W: 1, C: in.Shape.C},
		Source: ir.None, Current: ir.None, nonneg: in.nonneg,
	})
	if p.set(id, l, nil).view == nil {
		l.Source = id
	}
}
