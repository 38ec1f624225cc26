package passes

import (
	"fmt"

	"ann2snn/ir"
)

// floatInput makes an input of integers one of floats where nothing reads the integers but Casts
// to floats, and operators in front of these that only move elements: the same numbers go in.
func floatInput(g *ir.Graph) (int, error) {
	if len(g.Inputs) != 1 || g.Type(g.Inputs[0]).DType != ir.Int64 {
		return 0, nil
	}
	in := g.Inputs[0]
	r := newRewriter(g)
	if !r.becomesFloat(in) {
		return 0, nil
	}
	g.Value(in).Type.DType = ir.Float32
	g.Notes = append(g.Notes, fmt.Sprintf("the input %s holds integers (%s), which the model makes floats of: numbers are taken as they are, pixels as 0 to 255", g.Value(in).Name, g.Integers))
	return 1, nil
}

// becomesFloat reports whether all that reads v turns it into floats.
func (r *rewriter) becomesFloat(v ir.ValueID) bool {
	if r.isOutput(v) || len(r.readers[v]) == 0 {
		return false
	}
	for _, reader := range r.readers[v] {
		n := &r.Nodes[reader.node]
		switch op := n.Op.(type) {
		case ir.ShapeOf:
		case ir.Cast:
			if op.To != ir.Float32 {
				return false
			}
		case ir.Flatten, ir.Gather, ir.Identity, ir.Reshape, ir.Slice, ir.Split, ir.Squeeze, ir.Transpose, ir.Unsqueeze:
			if reader.input != 0 {
				return false
			}
			for _, out := range n.Out {
				if out != ir.None && !r.becomesFloat(out) {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}
