package plan

import (
	"context"
	"slices"

	"ann2snn/calibrate"
	"ann2snn/ir"
)

// Classes of nodes: what becomes of a node of the trained network.
const (
	Spiking     = "spiking"     // neurons, or an operator that selects spikes
	Linear      = "linear"      // acts on spikes or their currents without neurons
	Host        = "host"        // computed on the readout in float32
	Unsupported = "unsupported" // cannot be converted
	Unused      = "unused"      // the output does not depend on it
)

// Node says what becomes of a node, and why where that needs saying.
type Node struct {
	Index  int // in the graph
	Name   string
	Op     string // its Kind
	Class  string
	Reason string
}

// Classify returns what becomes of each node of a graph, in order.
func Classify(ctx context.Context, g *ir.Graph) []Node {
	p, err := New(ctx, g, 0)
	if err == nil {
		return p.Nodes
	}
	nodes := make([]Node, len(g.Nodes))
	for i, n := range g.Nodes {
		nodes[i] = Node{Index: i, Name: g.Label(i), Op: n.Op.Kind(), Class: Unsupported, Reason: err.Error()}
	}
	return nodes
}

// ClassOf returns what usually becomes of nodes of an operator, given by its Kind, and
// whether there is a rule for it at all. Without one, only constants may be computed.
func ClassOf(kind string) (class string, ok bool) {
	i := slices.IndexFunc(rules, func(r rule) bool { return r.kind == kind })
	if i < 0 {
		return Unsupported, false
	}
	return rules[i].class, true
}

// Unsupported returns the nodes that cannot be converted. A plan with such nodes must not
// be built.
func (p *Plan) Unsupported() []Node {
	var list []Node
	for _, n := range p.Nodes {
		if n.Class == Unsupported {
			list = append(list, n)
		}
	}
	return list
}

// Measured returns the values that calibration must measure: the input and every value that
// neurons stand for.
func (p *Plan) Measured() []calibrate.Site {
	sites := []calibrate.Site{p.inputSite()}
	for _, s := range p.Sites {
		if s.Value != p.Graph.Inputs[0] {
			sites = append(sites, calibrate.Site{Value: s.Value, Axis: s.Axis, Signed: s.Signed})
		}
	}
	return sites
}

// Spiking reports whether the planned network has an output and neurons.
func (p *Plan) Spiking() bool { return p.Output != nil && len(p.Sites) > 0 }
