package passes

import (
	"fmt"

	"ann2snn/ir"
)

// scores gives a network that ends in the place of its largest score the scores themselves as
// its output: what reads networks finds the largest by itself, and needs the others to compare.
func scores(g *ir.Graph) (int, error) {
	changed := 0
	producers := g.Producers()
	for k, out := range g.Outputs {
		i := producers[out]
		for i >= 0 && movesIndices(g.Nodes[i].Op) {
			i = producers[g.Nodes[i].In[0]]
		}
		if i < 0 {
			continue
		}
		if _, ok := g.Nodes[i].Op.(ir.ArgMax); !ok {
			continue
		}
		taken := g.Nodes[i].In[0]
		from := producers[taken]
		if from >= 0 && (g.Nodes[from].Op == ir.Unary{Fn: ir.Neg}) { // of an ArgMin
			from = producers[g.Nodes[from].In[0]]
		}
		if from < 0 { // nothing makes them
			continue
		}
		g.Notes = append(g.Notes, fmt.Sprintf("the output %s is the argmax of %s: its scores are used", g.Value(out).Name, g.Value(taken).Name))
		g.Outputs[k] = taken
		a, b := g.Value(out), g.Value(taken)
		a.Name, b.Name = b.Name, a.Name // the output keeps its name
		changed++
	}
	if changed > 0 {
		sweep(g)
	}
	return changed, nil
}

// movesIndices reports whether op may stand between an ArgMax and the output.
func movesIndices(op ir.Op) bool {
	switch op.(type) {
	case ir.Cast, ir.Flatten, ir.Identity, ir.Reshape, ir.Squeeze, ir.Transpose, ir.Unsqueeze:
		return true
	}
	return false
}
