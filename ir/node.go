package ir

import "fmt"

// NodeTypes returns the types of node i's outputs as its operator infers them from the
// types of its inputs, in the order of Node.Out. Const is set in an output whose value
// follows from the input types alone. Shapes may be shared with the inputs' types and must
// not be changed. Errors name the operator and the node.
func (g *Graph) NodeTypes(i int) ([]Type, error) {
	n := &g.Nodes[i]
	in := make([]Type, len(n.In))
	for j, id := range n.In {
		in[j] = g.Type(id)
	}
	out, err := n.Op.Infer(in)
	if err != nil {
		return nil, g.nodeError(i, err)
	}
	if len(n.Out) > len(out) {
		return nil, g.nodeError(i, fmt.Errorf("has %d outputs, the operator gives %d", len(n.Out), len(out)))
	}
	return out[:len(n.Out)], nil
}

// nodeError wraps err with the operator and the label of node i.
func (g *Graph) nodeError(i int, err error) error {
	return fmt.Errorf("ir: %s %q: %w", g.Nodes[i].Op.Kind(), g.Label(i), err)
}

// Label is what messages call node i: its name, or else that of its first output.
func (g *Graph) Label(i int) string {
	n := &g.Nodes[i]
	if n.Name != "" {
		return n.Name
	}
	for _, id := range n.Out {
		if id != None {
			return g.Values[id].Name
		}
	}
	return ""
}

// InferNode sets the types of node i's outputs; see NodeTypes. Values that nodes
// produce are no constants: that is for constant folding to change.
func (g *Graph) InferNode(i int) error {
	types, err := g.NodeTypes(i)
	if err != nil {
		return err
	}
	for j, id := range g.Nodes[i].Out {
		if id != None {
			types[j].Const = nil
			g.Values[id].Type = types[j]
		}
	}
	return nil
}

// Infer sets the types of all values that nodes produce. Graphs that compute shapes
// need constant folding instead (ir/passes).
func (g *Graph) Infer() error {
	for i := range g.Nodes {
		if err := g.InferNode(i); err != nil {
			return err
		}
	}
	return nil
}
