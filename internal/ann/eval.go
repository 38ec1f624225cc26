package ann

import (
	"fmt"

	"ann2snn/internal/kernels/cpu"
	"ann2snn/ir"
)

// Eval computes one operator on constants; absent optional inputs are nil. It returns
// every output that the operator can give. Outputs may share elements with inputs.
// The size of the outputs, which the operator's Infer returns beforehand, is bounded by
// ir.MaxElems only. Integer arithmetic wraps around in 64 bits; division by zero is an error.
func Eval(op ir.Op, in []*ir.Tensor) ([]*ir.Tensor, error) {
	n := &node{op: op, packs: &packs{set: cpu.Default()}, in: make([]*value, len(in))}
	types := make([]ir.Type, len(in))
	for i, t := range in {
		if t == nil {
			continue
		}
		types[i] = t.Type()
		v, err := newValue(types[i])
		if err != nil {
			return nil, fmt.Errorf("ann: %s: input %d %w", op.Kind(), i, err)
		}
		n.in[i] = v
	}
	out, err := n.evalOutputs(types)
	if err != nil {
		return nil, fmt.Errorf("ann: %s: %w", op.Kind(), err)
	}
	return out, nil
}

func (n *node) evalOutputs(types []ir.Type) ([]*ir.Tensor, error) {
	inferred, err := n.op.Infer(types)
	if err != nil {
		return nil, err
	}
	for i, t := range inferred {
		t.Const = nil
		v, err := newValue(t)
		if err != nil {
			return nil, fmt.Errorf("output %d %w", i, err)
		}
		n.out = append(n.out, v)
	}
	if err := n.evaluate(); err != nil {
		return nil, err
	}
	out := make([]*ir.Tensor, len(n.out))
	for i, v := range n.out {
		out[i] = v.constant
	}
	return out, nil
}

// evaluate computes the outputs of a node that depends on constants alone.
func (n *node) evaluate() error {
	run, err := n.build()
	if err != nil {
		return err
	}
	s, err := place(nil, append(n.before, n), nil)
	if err != nil {
		return err
	}
	m := s.newMemory(n.packs.set)
	for _, b := range n.before {
		if err := b.reorderStep()(m); err != nil {
			return err
		}
	}
	if run != nil {
		if err := run(m); err != nil {
			return err
		}
	}
	results := make([]*ir.Tensor, len(n.out))
	for i, v := range n.out {
		if v != nil {
			results[i] = v.tensor(m)
		}
	}
	for i, v := range n.out {
		if v != nil {
			v.constant, v.interleaved = results[i], false
		}
	}
	return nil
}
