package plan

import (
	"fmt"

	"ann2snn/ir"
)

// mapInput returns input 0 of a node, which must be a 1-D or 2-D map.
func (p *planner) mapInput(n *ir.Node) (*value, error) {
	v, err := p.activation(n)
	if err == nil && (len(v.dims) != 3 && len(v.dims) != 4 || v.dims[0] != 1) {
		err = fmt.Errorf("its input has shape %v, want [1,C,H,W] or [1,C,L]", v.dims)
	}
	return v, err
}

// pool adds a pooling layer whose output is naturally laid out.
func (p *planner) pool(n *ir.Node, op Op, v *value) *Layer {
	in := p.even(v, "is pooled by "+p.Nodes[p.node].Name)
	id := n.Out[0]
	l := p.add(&Layer{
		Op: op, In: []*Layer{in}, Shape: naturalShape(p.Graph.Type(id).Shape.Ints()),
		Source: id, Current: ir.None, nonneg: in.nonneg,
	})
	p.set(id, l, nil)
	return l
}

func (p *planner) average(n *ir.Node, s SumPool, v *value) {
	p.pool(n, s, v).Uneven = len(s.Divisor) > 1
}
