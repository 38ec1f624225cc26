package importer

import (
	"context"
	"fmt"
	"slices"

	"ann2snn/internal/pb"
	"ann2snn/ir"
)

// attach builds the graph: it joins what onnx-go recorded with what it did not see, the
// weights, names, domains and tensor attributes, and translates every operator.
func attach(ctx context.Context, m *model, ops []operation) (*ir.Graph, error) {
	if len(ops) != len(m.nodes) {
		return nil, fmt.Errorf("importer: onnx-go made %d operations of %d nodes", len(ops), len(m.nodes))
	}
	t := newTranslation(m)
	for i, op := range ops {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		p := m.nodes[i]
		if !op.is(i, p) {
			return nil, nodeErrorf(p, "onnx-go made %s(%q) -> %q of it", op.op, op.in, op.out)
		}
		for _, a := range p.Attribute {
			if !isPlain(a) && a.GetType() != pb.AttributeProto_UNDEFINED {
				op.attributes[a.GetName()] = a
			}
		}
		if err := t.node(p, op.attributes); err != nil {
			return nil, nodeError(p, err)
		}
	}
	if len(t.unsupported) > 0 {
		return nil, &UnsupportedError{Opset: m.opset, Nodes: t.unsupported}
	}
	for _, o := range m.outputs {
		t.graph.Outputs = append(t.graph.Outputs, t.ids[o])
	}
	return t.graph, nil
}

// is reports whether op is what went into onnx-go as node p at an index.
func (op operation) is(index int, p *pb.NodeProto) bool {
	return op.index == index && op.op == p.GetOpType() &&
		slices.Equal(op.in, skeletonInputs(p)) && slices.Equal(op.out, p.Output)
}

// A translation is a graph in the making.
type translation struct {
	model       *model
	graph       *ir.Graph
	ids         map[string]ir.ValueID // of all values so far, by name
	read        map[string]bool       // values that a node or the user of the graph reads
	unsupported []UnsupportedNode
}

// newTranslation starts the graph with its inputs and the initializers.
func newTranslation(m *model) *translation {
	t := &translation{model: m, graph: new(ir.Graph), ids: make(map[string]ir.ValueID), read: make(map[string]bool)}
	for _, in := range m.inputs {
		t.graph.Inputs = append(t.graph.Inputs, t.add(in.Value))
	}
	for _, c := range m.initializers {
		t.add(ir.Value{Name: c.name, Type: c.constant().Type()})
	}
	for _, n := range m.nodes {
		for _, in := range n.Input {
			t.read[in] = true
		}
	}
	for _, o := range m.outputs {
		t.read[o] = true
	}
	return t
}

func (t *translation) add(v ir.Value) ir.ValueID {
	id := t.graph.AddValue(v)
	t.ids[v.Name] = id
	return id
}
