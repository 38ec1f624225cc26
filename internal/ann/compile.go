package ann

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"ann2snn/internal/budget"
	"ann2snn/internal/kernels/cpu"
	"ann2snn/ir"
)

// Compile prepares g, whose values must have static types (see ir/passes), for running.
// Inputs of the graph whose values are constant are no inputs of the program. Errors
// name the operator and the node.
func Compile(ctx context.Context, g *ir.Graph, o Options) (*Program, error) {
	return compile(ctx, g, o, &packs{set: cpu.Default()})
}

// Replacing is the program with other values replaced (see [Options]). Both share the packed
// weights, which are most of what a large network takes.
func (p *Program) Replacing(ctx context.Context, replace map[ir.ValueID]func(v []float32)) (*Program, error) {
	o := p.options
	o.Replace = replace
	return compile(ctx, p.graph, o, p.packs)
}

func compile(ctx context.Context, g *ir.Graph, o Options, packed *packs) (*Program, error) {
	c := compiler{g: g, options: o, packs: packed, values: make([]*value, len(g.Values)), readers: make([]int, len(g.Values)), budget: budget.From(ctx)}
	c.countReaders()
	if err := c.inputs(); err != nil {
		return nil, err
	}
	for i := range g.Nodes {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("ann: %w", err)
		}
		if err := c.node(i); err != nil {
			return nil, fmt.Errorf("ann: %s: %w", c.label(i), err)
		}
	}
	p := &Program{inputs: c.in, steps: c.steps, graph: g, options: o, packs: packed}
	if err := c.outputs(p); err != nil {
		return nil, err
	}
	inputs := make([]*value, len(c.in))
	for i, v := range c.in {
		inputs[i] = v.value
	}
	s, err := place(inputs, c.nodes, append(p.outputs, p.result))
	if err != nil {
		return nil, fmt.Errorf("ann: %w", err)
	}
	p.sizes = s
	return p, nil
}

type compiler struct {
	g       *ir.Graph
	options Options
	packs   *packs
	values  []*value // by ir.ValueID, once known
	readers []int    // by ir.ValueID
	in      []output
	nodes   []*node
	steps   []compiled
	budget  *budget.Budget
}

func (c *compiler) label(i int) string {
	return fmt.Sprintf("%s %q", c.g.Nodes[i].Op.Kind(), c.g.Label(i))
}

// countReaders counts who reads every value: inputs of nodes, and the caller.
func (c *compiler) countReaders() {
	lists := [][]ir.ValueID{c.g.Outputs}
	for i := range c.g.Nodes {
		lists = append(lists, c.g.Nodes[i].In)
	}
	if id, ok := c.g.Lookup(c.options.Output); ok && c.options.Output != "" {
		lists = append(lists, []ir.ValueID{id})
	}
	for _, ids := range lists {
		for _, id := range ids {
			if id != ir.None {
				c.readers[id]++
			}
		}
	}
}

func (c *compiler) inputs() error {
	for _, id := range c.g.Inputs {
		v, err := c.value(id)
		if err != nil {
			return fmt.Errorf("ann: %w", err)
		}
		if v.constant == nil {
			c.in = append(c.in, output{id, v})
		}
	}
	return nil
}

// value returns the value with an id, nil for ir.None.
func (c *compiler) value(id ir.ValueID) (*value, error) {
	if id == ir.None {
		return nil, nil
	}
	if c.values[id] == nil {
		v, err := newValue(c.g.Type(id))
		if err != nil {
			return nil, fmt.Errorf("value %q %w", c.g.Values[id].Name, err)
		}
		v.readers, v.replaced = c.readers[id], c.options.Replace[id] != nil
		c.values[id] = v
	}
	return c.values[id], nil
}

// node compiles node i; one that depends on constants alone is computed at once.
func (c *compiler) node(i int) error {
	source := &c.g.Nodes[i]
	n := &node{op: source.Op, packs: c.packs, in: make([]*value, len(source.In)), out: make([]*value, len(source.Out))}
	constant := true
	for j, id := range source.In {
		v, err := c.value(id)
		if err != nil {
			return err
		}
		n.in[j] = v
		constant = constant && (v == nil || v.constant != nil)
	}
	var out []output
	for j, id := range source.Out {
		v, err := c.value(id)
		if err != nil {
			return err
		}
		n.out[j] = v
		if v != nil {
			out = append(out, output{id, v})
		}
	}
	elements := 0
	for _, v := range slices.Concat(n.in, n.out) {
		if v != nil {
			elements += v.n
		}
	}
	const perElement = 8 // bytes, of constants and of tables that say where elements go
	if err := c.budget.Ask(budget.Times(elements, perElement), "preparing the node to run"); err != nil {
		return err
	}
	if constant {
		n.packs = &packs{set: c.packs.set} // of use once
		return n.evaluate()
	}
	n.private = len(out) > 0 && c.options.Replace[out[0].id] != nil
	run, err := n.build()
	for _, b := range n.before {
		c.nodes, c.steps = append(c.nodes, b), append(c.steps, compiled{run: b.reorderStep()})
	}
	c.nodes = append(c.nodes, n)
	c.steps = append(c.steps, compiled{run, out, c.label(i)})
	return err
}

// outputs finds the values that runs return.
func (c *compiler) outputs(p *Program) error {
	if len(c.g.Outputs) == 0 {
		return errors.New("ann: the graph has no output")
	}
	for _, id := range c.g.Outputs {
		v, err := c.value(id)
		if err != nil {
			return fmt.Errorf("ann: %w", err)
		}
		p.outputs = append(p.outputs, v)
	}
	p.result = p.outputs[0]
	if c.options.Output == "" {
		return nil
	}
	id, ok := c.g.Lookup(c.options.Output)
	if !ok || c.values[id] == nil {
		return fmt.Errorf("ann: the graph computes no value %q", c.options.Output)
	}
	p.result = c.values[id]
	return nil
}
