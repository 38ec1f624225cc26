package plan

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"ann2snn/internal/budget"
	"ann2snn/ir"
	"ann2snn/snn"
)

// planner makes a plan, node by node.
type planner struct {
	Plan
	values  []*value // per value of the graph; nil for constants and values without use
	uses    []int    // per value, by nodes and as the output
	sites   map[ir.ValueID]*Site
	makers  []int     // per value: the node that produces it, or -1
	needed  []bool    // per node: the network's output depends on it
	readout []bool    // per value: the output itself, at most moved
	node    int       // being planned
	groups  [][]int32 // of the host operators on groups, in their order; see groupsOf

	headroom Headroom
	elements int64 // of all values planned so far
	budget   *budget.Budget
}

// New plans the conversion of g, for networks that have some headroom. Nodes that cannot be converted have the class Unsupported
// in Nodes; then the plan must not be filled in.
func New(ctx context.Context, g *ir.Graph, headroom Headroom) (*Plan, error) {
	if len(g.Inputs) != 1 || len(g.Outputs) == 0 {
		return nil, fmt.Errorf("convert: the network needs one input and an output, but has %d and %d", len(g.Inputs), len(g.Outputs))
	}
	if t := g.Type(g.Inputs[0]); t.DType != ir.Float32 || !t.Static() || t.Elems() == 0 {
		return nil, errors.New("convert: the network's input needs a known shape and floats, but is " + t.String() + notFloats(g))
	}
	p := &planner{
		Plan:     Plan{Graph: g, Nodes: make([]Node, len(g.Nodes))},
		values:   make([]*value, len(g.Values)),
		sites:    make(map[ir.ValueID]*Site),
		headroom: headroom,
		budget:   budget.From(ctx),
	}
	p.analyse()
	p.addInput()
	for i := range g.Nodes {
		p.node = i
		p.lower(&g.Nodes[i])
	}
	p.finish()
	return &p.Plan, nil
}

// notFloats says what becomes of inputs of integers.
func notFloats(g *ir.Graph) string {
	if g.Integers == "" {
		return ""
	}
	return fmt.Sprintf(" (%s in the file; integers are read where the first thing that a model does with them is a Cast to floats: numbers of words and integer arithmetic are not)", g.Integers)
}

// analyse finds the nodes that the output depends on, how often values are read, and which
// values are the output, at most moved.
func (p *planner) analyse() {
	g := p.Graph
	p.makers = g.Producers()
	p.uses = make([]int, len(g.Values))
	p.needed = make([]bool, len(g.Nodes))
	p.readout = make([]bool, len(g.Values))
	p.uses[g.Outputs[0]]++
	p.readout[g.Outputs[0]] = true
	for i, n := range slices.Backward(g.Nodes) {
		if !slices.ContainsFunc(n.Out, func(id ir.ValueID) bool { return id != ir.None && p.uses[id] > 0 }) {
			continue
		}
		p.needed[i] = true
		for _, id := range n.In {
			if id != ir.None {
				p.uses[id]++
			}
		}
		if passesOn(n.Op) && len(n.Out) == 1 && p.readout[n.Out[0]] {
			p.readout[n.In[0]] = true
		}
	}
	p.Notes = append(p.Notes, g.Notes...)
	if left := p.LeftOut(); len(left) > 0 {
		p.Notes = append(p.Notes, "of the model's outputs "+g.Value(g.Outputs[0]).Name+" is taken; left out: "+strings.Join(left, ", "))
	}
}

// LeftOut lists the outputs of the model that are not converted.
func (p *Plan) LeftOut() []string {
	var names []string
	for _, id := range p.Graph.Outputs[1:] {
		names = append(names, p.Graph.Value(id).Name)
	}
	return append(names, p.Graph.LeftOut...)
}

// passesOn reports whether an operator in front of the readout leaves the readout to the
// value before it: it only moves elements, or is computed on the host.
func passesOn(op ir.Op) bool {
	if _, ok := op.(ir.Sigmoid); ok {
		return true
	}
	r := ruleOf(op)
	return r != nil && (r.class == Host || r.moves)
}

// lower plans a node. A node that cannot be converted gets layers without an operator, so
// that the nodes behind it can still be classified.
func (p *planner) lower(n *ir.Node) {
	c := Node{Index: p.node, Name: p.Graph.Label(p.node), Op: n.Op.Kind(), Class: Unused}
	defer func() { p.Nodes[p.node] = c }()
	if !p.needed[p.node] {
		return
	}
	p.Nodes[p.node] = c
	if op, ok := n.Op.(ir.Foreign); ok {
		c.Op, c.Class, c.Reason = op.Op, Unsupported, op.Reason
		p.giveUp(n)
		return
	}
	r := ruleOf(n.Op)
	err := errors.Join(p.checkTypes(n), p.checkSize(n))
	switch {
	case err != nil:
	case r == nil:
		err = errors.New("there is no rule to make it spiking")
	default:
		p.Nodes[p.node].Class = r.class
		err = r.lower(p, n)
	}
	c = p.Nodes[p.node]
	if err != nil {
		c.Class, c.Reason = Unsupported, err.Error()
		p.giveUp(n)
	}
}

// checkTypes makes sure that the node's values are floats of known, positive size, or
// constants.
func (p *planner) checkTypes(n *ir.Node) error {
	for _, id := range slices.Concat(n.In, n.Out) {
		if id == ir.None {
			continue
		}
		switch t := p.Graph.Type(id); {
		case t.Const != nil:
		case !t.Static():
			return errors.New("the shape of " + p.Graph.Value(id).Name + " is not known: " + t.String())
		case t.Elems() == 0:
			return errors.New(p.Graph.Value(id).Name + " is empty: " + t.String())
		case t.DType != ir.Float32:
			return errors.New(p.Graph.Value(id).Name + " is not a float: " + t.String())
		}
	}
	return nil
}

// checkSize bounds the memory that planning takes. A network of more elements could not run
// either.
func (p *planner) checkSize(n *ir.Node) error {
	const perElement = 24 // bytes, of an operator that moves it: numbers and where they go
	moving := 0
	for k, id := range slices.Concat(n.Out, n.In) {
		if id == ir.None {
			continue
		}
		t := p.Graph.Type(id)
		if !t.Static() {
			continue
		}
		moving += t.Elems()
		if k < len(n.Out) {
			p.elements += int64(t.Elems())
		}
	}
	if p.elements > snn.MaxElements {
		return fmt.Errorf("the network has more than %d elements up to here", snn.MaxElements)
	}
	return p.budget.Ask(budget.Times(moving, perElement), "converting it")
}

// unplanned stands for a layer that could not be planned.
type unplanned struct{}

func (p *planner) giveUp(n *ir.Node) {
	for _, id := range n.Out {
		if id == ir.None {
			continue
		}
		shape := snn.Shape{H: 1, W: 1, C: 1}
		if t := p.Graph.Type(id); t.Static() && t.Elems() > 0 {
			shape = naturalShape(t.Shape.Ints())
		}
		p.set(id, &Layer{Op: unplanned{}, Shape: shape, Source: ir.None, Current: ir.None}, nil)
	}
}

// add appends a layer for the node being planned.
func (p *planner) add(l *Layer) *Layer {
	l.Index = len(p.Layers)
	l.Node = p.node
	l.Name = p.Nodes[p.node].Name
	p.Layers = append(p.Layers, l)
	return l
}

// addNamed is add for a layer that holds v in another form: it has the name of the node
// that v comes from.
func (p *planner) addNamed(l *Layer, v *value) *Layer {
	p.add(l)
	if v.id != ir.None && p.makers[v.id] >= 0 {
		l.Node = p.makers[v.id]
		l.Name = p.Nodes[l.Node].Name
	}
	return l
}

// finish finds the output layer, adds one where the elements do not stand in ONNX's order,
// and merges sums.
func (p *planner) finish() {
	id := p.Graph.Outputs[0]
	v := p.values[id]
	if v == nil {
		p.Notes = append(p.Notes, "the output does not depend on the input")
		return
	}
	p.node = max(0, p.makers[id])
	p.Output = v.layer
	if !v.inOrder() {
		p.Output = p.natural(v)
	}
	p.settleGroups(v)
	p.mergeSums()
}
