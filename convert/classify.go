package convert

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"ann2snn/calibrate"
	"ann2snn/ir"
)

// Class says what becomes of a node of the trained network.
type Class uint8

// The classes of nodes.
const (
	Spiking     Class = iota // neurons, or an operator that picks spikes
	Linear                   // acts on spikes or their currents without neurons
	Host                     // computed on the readout in float32
	Unsupported              // cannot be converted
	Unused                   // the output does not depend on it
)

var classNames = [...]string{"spiking", "linear", "host", "unsupported", "unused"}

// String returns the name of the class.
func (c Class) String() string {
	if int(c) < len(classNames) {
		return classNames[c]
	}
	return fmt.Sprintf("Class(%d)", c)
}

// MarshalText returns the name of the class.
func (c Class) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// NodeClass is what becomes of a node, and why where that needs saying.
type NodeClass struct {
	Node   int    `json:"-"` // index in the graph
	Name   string `json:"name"`
	Op     string `json:"op"`
	Class  Class  `json:"class"`
	Reason string `json:"reason,omitempty"`
}

// Classify returns what becomes of each node of a graph, in order. It needs no data.
func Classify(g *ir.Graph) []NodeClass {
	p, err := newPlan(g)
	if err == nil {
		return p.nodes
	}
	nodes := make([]NodeClass, len(g.Nodes))
	for i, n := range g.Nodes {
		nodes[i] = NodeClass{Node: i, Name: g.Label(i), Op: n.Op.Kind(), Class: Unsupported, Reason: err.Error()}
	}
	return nodes
}

// Sites returns the values that calibration must measure for Lower: the input and every
// value that neurons will stand for. Errors are those of Lower.
func Sites(g *ir.Graph) ([]calibrate.Site, error) {
	p, err := completePlan(g)
	if err != nil {
		return nil, err
	}
	sites := []calibrate.Site{{Value: g.Inputs[0], Axis: -1, Signed: true}}
	for _, s := range p.sites {
		if s.value != g.Inputs[0] {
			sites = append(sites, calibrate.Site{Value: s.value, Axis: s.axis, Signed: s.signed})
		}
	}
	return sites, nil
}

// UnsupportedError lists the nodes that cannot be converted.
type UnsupportedError struct{ Nodes []NodeClass }

// Error names every node with the reason.
func (e *UnsupportedError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "convert: %d nodes cannot be converted:", len(e.Nodes))
	for _, n := range e.Nodes {
		fmt.Fprintf(&b, "\n  %s %q: %s", n.Op, n.Name, n.Reason)
	}
	return b.String()
}

var errNothingSpikes = errors.New("convert: nothing in this network would spike: it has no activation, " +
	"and no weighted layer reads another (try inspect to see what became of each node)")

// completePlan is a plan that can be built.
func completePlan(g *ir.Graph) (*plan, error) {
	p, err := newPlan(g)
	if err != nil {
		return nil, err
	}
	var unsupported []NodeClass
	for _, n := range p.nodes {
		if n.Class == Unsupported {
			unsupported = append(unsupported, n)
		}
	}
	if unsupported != nil {
		return nil, &UnsupportedError{unsupported}
	}
	if p.output == nil || len(p.sites) == 0 {
		return nil, errNothingSpikes
	}
	return p, nil
}

// ClassOf returns what usually becomes of nodes of an operator, given by its Kind, and
// whether there is a rule for it at all. Without one, only constants may be computed.
func ClassOf(kind string) (Class, bool) {
	i := slices.IndexFunc(rules, func(r rule) bool { return r.kind == kind })
	if i < 0 {
		return Unsupported, false
	}
	return rules[i].class, true
}
