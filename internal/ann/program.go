package ann

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"ann2snn/internal/budget"
	"ann2snn/ir"
)

// Options are the choices of Compile; the zero value is the usual one.
type Options struct {
	// Output is the name of the value that Run returns; empty for the graph's first output.
	Output string
	// Replace changes values in place right after they are computed, before anything reads
	// them or observes them. Inputs of the graph count as computed; constants do not.
	Replace map[ir.ValueID]func(v []float32)
}

// Program is a compiled network. It is immutable and safe for concurrent use.
type Program struct {
	inputs  []output
	steps   []compiled
	result  *value
	outputs []*value
	graph   *ir.Graph
	options Options
	packs   *packs
	memory  sync.Pool // of *memory
	sizes   sizes
}

// output is a value with its id in the graph.
type output struct {
	id ir.ValueID
	*value
}

// compiled is a node's step.
type compiled struct {
	run   step // nil where the outputs only share memory
	out   []output
	label string // operator and node, for messages
}

// InLen returns the number of elements of the network's first input.
func (p *Program) InLen() int {
	if len(p.inputs) == 0 {
		return 0
	}
	return p.inputs[0].n
}

// OutLen returns the number of elements that Run returns.
func (p *Program) OutLen() int { return p.result.n }

// Run computes the network for the elements of its only input and returns a copy of the
// output. observe, where not nil, sees every Float32 value that is not constant, inputs
// first, right after it is computed; the slice is valid only during the call. The context
// is checked before every node.
func (p *Program) Run(ctx context.Context, in []float32, observe func(ir.ValueID, []float32)) ([]float32, error) {
	if err := p.checkInput(in); err != nil {
		return nil, err
	}
	if p.result.dtype != ir.Float32 {
		return nil, fmt.Errorf("ann: the output is %v, want float32 (try RunInputs)", p.result.dtype)
	}
	m, err := p.idle(ctx)
	if err != nil {
		return nil, err
	}
	defer p.memory.Put(m)
	copy(p.inputs[0].floats(m), in)
	if err := p.run(ctx, m, p.steps, observe); err != nil {
		return nil, err
	}
	out := make([]float32, p.result.n)
	p.result.inONNXOrder(m.worker, out, p.result.floats(m))
	return out, nil
}

// Observe is [Program.Run] for the values that wanted lists by their ids, and for nothing else:
// observe sees them alone, the run ends with the last of them, and there is no output.
func (p *Program) Observe(ctx context.Context, in []float32, wanted []bool, observe func(ir.ValueID, []float32)) error {
	if err := p.checkInput(in); err != nil {
		return err
	}
	m, err := p.idle(ctx)
	if err != nil {
		return err
	}
	defer p.memory.Put(m)
	copy(p.inputs[0].floats(m), in)
	m.wanted = wanted
	defer func() { m.wanted = nil }()
	return p.run(ctx, m, p.steps[:p.stepsFor(wanted)], observe)
}

// stepsFor returns how many steps compute all wanted values.
func (p *Program) stepsFor(wanted []bool) int {
	for n := len(p.steps); n > 0; n-- {
		for _, v := range p.steps[n-1].out {
			if wanted[v.id] {
				return n
			}
		}
	}
	return 0
}

// checkInput refuses what is not the only input of the network.
func (p *Program) checkInput(in []float32) error {
	if len(p.inputs) != 1 || p.inputs[0].dtype != ir.Float32 {
		return fmt.Errorf("ann: the network has %d inputs, want a single one of float32 (try RunInputs)", len(p.inputs))
	}
	if len(in) != p.inputs[0].n {
		return fmt.Errorf("ann: the input has %d elements, want %d %v", len(in), p.inputs[0].n, p.inputs[0].shape)
	}
	return nil
}

// RunInputs is Run for any number of inputs, in the order of the graph's inputs, and
// for every element type; it returns all outputs of the graph.
func (p *Program) RunInputs(ctx context.Context, in []*ir.Tensor, observe func(ir.ValueID, []float32)) ([]*ir.Tensor, error) {
	if len(in) != len(p.inputs) {
		return nil, fmt.Errorf("ann: got %d inputs, want %d", len(in), len(p.inputs))
	}
	m, err := p.idle(ctx)
	if err != nil {
		return nil, err
	}
	defer p.memory.Put(m)
	for i, v := range p.inputs {
		if err := v.load(m, in[i]); err != nil {
			return nil, fmt.Errorf("ann: input %d: %w", i, err)
		}
	}
	if err := p.run(ctx, m, p.steps, observe); err != nil {
		return nil, err
	}
	out := make([]*ir.Tensor, len(p.outputs))
	for i, v := range p.outputs {
		out[i] = v.tensor(m)
	}
	return out, nil
}

// idle returns memory that no run uses.
func (p *Program) idle(ctx context.Context) (*memory, error) {
	if m, ok := p.memory.Get().(*memory); ok {
		return m, nil
	}
	if err := budget.Ask(ctx, p.sizes.bytes(), "running the model on one more thread"); err != nil {
		return nil, fmt.Errorf("ann: %w", err)
	}
	return p.sizes.newMemory(p.packs.set), nil
}

// run computes some steps, the first ones, on the inputs in m.
func (p *Program) run(ctx context.Context, m *memory, steps []compiled, observe func(ir.ValueID, []float32)) error {
	m.watched = observe != nil
	for _, v := range p.inputs {
		p.publish(m, v, observe)
	}
	for i := range steps {
		s := &steps[i]
		if err := ctx.Err(); err != nil {
			return err
		}
		if s.run != nil {
			if err := s.run(m); err != nil {
				return fmt.Errorf("ann: %s: %w", s.label, err)
			}
		}
		for _, v := range s.out {
			p.publish(m, v, observe)
		}
	}
	return nil
}

// publish replaces and shows a value that has just been computed.
func (p *Program) publish(m *memory, v output, observe func(ir.ValueID, []float32)) {
	replace := p.options.Replace[v.id]
	if m.wanted != nil && !m.wanted[v.id] {
		observe = nil
	}
	if v.dtype != ir.Float32 || v.constant != nil || replace == nil && observe == nil {
		return
	}
	x := v.floats(m)
	if v.interleaved {
		m.shown = slices.Grow(m.shown[:0], v.n)[:v.n]
		x = m.shown
		v.inONNXOrder(m.worker, x, v.floats(m))
	}
	if replace != nil {
		replace(x)
		if v.interleaved {
			v.reorder(m.worker, v.floats(m), x)
		}
	}
	if observe != nil {
		observe(v.id, x)
	}
}
