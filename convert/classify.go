package convert

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"ann2snn/calibrate"
	"ann2snn/convert/internal/plan"
	"ann2snn/ir"
)

// NodeClass says what becomes of a node of the trained network, and why where that needs
// saying.
type NodeClass struct {
	Node int    `json:"-"` // index in the graph
	Name string `json:"name"`
	Op   string `json:"op"`
	// Class is one of
	//
	//	spiking      becomes neurons, or an operator that selects spikes
	//	linear       acts on spikes or their currents without neurons
	//	host         is computed on the readout in float32
	//	unsupported  cannot be converted
	//	unused       does not matter: the output does not depend on it
	Class  string `json:"class"`
	Reason string `json:"reason,omitempty"`
}

func nodeClasses(nodes []plan.Node) []NodeClass {
	list := make([]NodeClass, len(nodes))
	for i, n := range nodes {
		list[i] = NodeClass{Node: n.Index, Name: n.Name, Op: n.Op, Class: n.Class, Reason: n.Reason}
	}
	return list
}

// Classify returns what becomes of each node of a graph, in order. It needs no data.
func Classify(ctx context.Context, g *ir.Graph) []NodeClass {
	return nodeClasses(plan.Classify(ctx, g))
}

// ClassOf returns what usually becomes of nodes of an operator, given by its Kind, and
// whether there is a rule for it at all. Without one, only constants may be computed.
func ClassOf(kind string) (class string, ok bool) { return plan.ClassOf(kind) }

// Sites returns the values that calibration must measure for Lower: the input and every
// value that neurons will stand for. Errors are those of Lower.
func Sites(ctx context.Context, g *ir.Graph) ([]calibrate.Site, error) {
	p, err := complete(ctx, g, plan.Strictest)
	if err != nil {
		return nil, err
	}
	return p.Measured(), nil
}

// Quantised reports whether a model rounds its input and whatever neurons would stand for, so
// that Lower can keep its levels (Options.OwnLevels); if not, why says where it does not.
func Quantised(ctx context.Context, g *ir.Graph) (ok bool, why string) {
	p, err := complete(ctx, g, plan.Strictest)
	if err != nil {
		return false, err.Error()
	}
	return p.Quantised()
}

// UnsupportedError lists the nodes that cannot be converted.
type UnsupportedError struct {
	Nodes []NodeClass
	Mixed string // see ir.Graph.Mixed; it may be why they cannot be converted
}

// Error names every node with the reason.
func (e *UnsupportedError) Error() string {
	var b strings.Builder
	if len(e.Nodes) == 1 {
		b.WriteString("convert: 1 node cannot be converted:")
	} else {
		fmt.Fprintf(&b, "convert: %d nodes cannot be converted:", len(e.Nodes))
	}
	for _, n := range e.Nodes {
		fmt.Fprintf(&b, "\n  %s %q: %s", n.Op, n.Name, n.Reason)
	}
	if e.Mixed != "" {
		b.WriteString("\n" + e.Mixed)
	}
	return b.String()
}

var errNothingSpikes = errors.New("convert: nothing in this network would spike: it has no activation, " +
	"and no weighted layer reads another (try inspect to see what became of each node)")

// complete plans the conversion of g and refuses plans that cannot be built.
func complete(ctx context.Context, g *ir.Graph, headroom plan.Headroom) (*plan.Plan, error) {
	p, err := plan.New(ctx, g, headroom)
	if err != nil {
		return nil, err
	}
	if nodes := p.Unsupported(); nodes != nil {
		return nil, &UnsupportedError{nodeClasses(nodes), g.Mixed}
	}
	if !p.Spiking() {
		return nil, errNothingSpikes
	}
	return p, nil
}
