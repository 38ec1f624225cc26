package passes

import (
	"slices"

	"ann2snn/ir"
)

// deadCode drops the nodes and values that no graph output depends on. Graph inputs stay.
func deadCode(g *ir.Graph) (int, error) {
	nodes := len(g.Nodes)
	sweep(g)
	return nodes - len(g.Nodes), nil
}

// sweep is dead code elimination; ids of values are given anew, in their old order.
func sweep(g *ir.Graph) {
	used := make([]bool, len(g.Values))
	mark := func(ids []ir.ValueID) {
		for _, id := range ids {
			if id != ir.None {
				used[id] = true
			}
		}
	}
	mark(g.Outputs)
	needed := func(id ir.ValueID) bool { return id != ir.None && used[id] }
	live := make([]ir.Node, 0, len(g.Nodes))
	for _, n := range slices.Backward(g.Nodes) {
		if slices.ContainsFunc(n.Out, needed) {
			mark(n.In)
			live = append(live, n)
		}
	}
	slices.Reverse(live)
	for _, n := range live {
		mark(n.Out)
	}
	mark(g.Inputs)
	g.Nodes = live
	renumber(g, used)
}

// renumber drops the values that are not used.
func renumber(g *ir.Graph, used []bool) {
	id := make([]ir.ValueID, len(g.Values))
	values := make([]ir.Value, 0, len(g.Values))
	for i, v := range g.Values {
		id[i] = ir.ValueID(len(values))
		if used[i] {
			values = append(values, v)
		}
	}
	g.Values = values
	replaced := func(old []ir.ValueID) []ir.ValueID { // not in place: nodes may share lists
		ids := slices.Clone(old)
		for i := range ids {
			if ids[i] != ir.None {
				ids[i] = id[ids[i]]
			}
		}
		return ids
	}
	g.Inputs, g.Outputs = replaced(g.Inputs), replaced(g.Outputs)
	for i, n := range g.Nodes {
		g.Nodes[i].In, g.Nodes[i].Out = replaced(n.In), replaced(n.Out)
	}
}
