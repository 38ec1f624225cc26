package importer

import (
	"context"
	"fmt"

	"ann2snn/importer/internal/onnxgo"
	"ann2snn/internal/pb"
	"ann2snn/ir"
)

// translate builds the graph: onnx-go decodes the operators' attributes, and every operator
// is translated by its row in the table.
// Nodes that cannot be read are an error, or kept where keep says so.
func translate(ctx context.Context, m *model, keep bool) (*ir.Graph, error) {
	attributes, err := onnxgo.Attributes(m.nodes)
	if err != nil {
		return nil, fmt.Errorf("importer: %w", err)
	}
	t := newTranslation(m)
	t.keep = keep
	for i, p := range m.nodes {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for _, a := range p.Attribute {
			if _, decoded := attributes[i][a.GetName()]; !decoded && a.GetType() != pb.AttributeProto_UNDEFINED {
				attributes[i][a.GetName()] = a
			}
		}
		if err := t.node(p, attributes[i]); err != nil {
			return nil, nodeError(p, err)
		}
	}
	if len(t.unsupported) > 0 {
		return nil, &UnsupportedError{Opset: m.opset, Nodes: t.unsupported}
	}
	t.graph.Batch = m.batch
	if len(m.inputs) == 1 && m.inputs[0].elem.dtype == ir.Int64 {
		t.graph.Integers = m.inputs[0].elem.name
	}
	for _, o := range m.outputs {
		t.graph.Outputs = append(t.graph.Outputs, t.ids[o])
	}
	return t.graph, nil
}

// A translation is a graph in the making.
type translation struct {
	model       *model
	graph       *ir.Graph
	ids         map[string]ir.ValueID // of all values so far, by name
	read        map[string]bool       // values that a node or the user of the graph reads
	taken       map[string]int        // names like a base, up to a number, by base; see fresh
	unsupported []UnsupportedNode
	keep        bool // unsupported nodes stay, as ir.Foreign
}

// newTranslation starts the graph with its inputs and the initializers.
func newTranslation(m *model) *translation {
	t := &translation{model: m, graph: new(ir.Graph), ids: make(map[string]ir.ValueID), read: make(map[string]bool), taken: make(map[string]int)}
	for _, in := range m.inputs {
		t.graph.Inputs = append(t.graph.Inputs, t.add(in.Value))
	}
	for _, c := range m.initializers {
		t.add(ir.Value{Name: c.name, Type: c.value.Type()})
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
