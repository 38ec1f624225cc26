package importer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"ann2snn/internal/budget"
	"ann2snn/internal/pb"
	"ann2snn/ir"
)

// The versions of the ONNX operator set that can be read.
const (
	minOpset = 7
	maxOpset = 27
)

// A model is what normalise makes of a file. Every value that a node reads is a graph
// input, an initializer or an output of an earlier node, and is defined once.
type model struct {
	opset        int
	inputs       []graphInput // without those that are initializers
	batch        int          // see ir.Graph.Batch
	outputs      []string
	initializers []initializer
	nodes        []*pb.NodeProto
	names        names // of all values
	functions    map[operatorID]bool
	external     *externalData
}

type initializer struct {
	name  string
	value *ir.Tensor
}

// An operatorID names an operator, or a function of the file.
type operatorID struct{ domain, name string }

// isONNX reports whether a domain is that of ONNX's own operators.
func isONNX(domain string) bool { return domain == "" || domain == "ai.onnx" }

// normalise checks p and brings it into the form of a model.
func normalise(ctx context.Context, p *pb.ModelProto, dirs []string, o Options) (*model, error) {
	opset, err := opsetOf(p)
	if err != nil {
		return nil, err
	}
	m := &model{
		opset:     opset,
		names:     make(names),
		functions: make(map[operatorID]bool),
		external:  &externalData{dirs: dirs, left: make(map[string]int64), budget: budget.From(ctx)},
	}
	for _, f := range p.Functions {
		m.functions[operatorID{f.GetDomain(), f.GetName()}] = true
	}
	if err := m.readInitializers(ctx, p.Graph); err != nil {
		return nil, err
	}
	if err := m.readInputs(p.Graph, o); err != nil {
		return nil, err
	}
	if err := m.takeBranches(p.Graph); err != nil {
		return nil, err
	}
	if err := m.readNodes(p.Graph); err != nil {
		return nil, err
	}
	return m, m.readOutputs(p.Graph)
}

// opsetOf returns the version of the ONNX operators that the model uses. Other domains
// may be declared; only a node that uses them matters.
func opsetOf(p *pb.ModelProto) (int, error) {
	version := int64(1) // of models older than the declaration
	for _, o := range p.OpsetImport {
		if isONNX(o.GetDomain()) {
			version = max(version, o.GetVersion())
		}
	}
	if version < minOpset || version > maxOpset {
		return 0, fmt.Errorf("importer: opset %d is not supported, only %d to %d (convert the model, for example with onnx.version_converter)", version, minOpset, maxOpset)
	}
	return int(version), nil
}

// names are values that are defined.
type names map[string]bool

// define adds a value.
func (d names) define(name string) error {
	switch {
	case name == "":
		return errors.New("has no name")
	case !utf8.ValidString(name):
		return errors.New("the name is not UTF-8")
	case d[name]:
		return errors.New("is defined twice")
	}
	d[name] = true
	return nil
}

func (m *model) readInitializers(ctx context.Context, g *pb.GraphProto) error {
	if len(g.SparseInitializer) > 0 {
		return fmt.Errorf("importer: sparse initializer %q: sparse tensors are not supported (export it dense)",
			g.SparseInitializer[0].GetValues().GetName())
	}
	for _, p := range g.Initializer {
		if err := ctx.Err(); err != nil {
			return err
		}
		value, err := decodeTensor(p, m.external)
		if err := cmp.Or(m.names.define(p.GetName()), err); err != nil {
			return fmt.Errorf("importer: initializer %q: %w", p.GetName(), err)
		}
		m.initializers = append(m.initializers, initializer{p.GetName(), value})
	}
	return nil
}

// readNodes takes over the nodes, sorted topologically, with attributes of known type.
func (m *model) readNodes(g *pb.GraphProto) error {
	if len(g.Node) == 0 {
		return errors.New("importer: the graph has no nodes")
	}
	for _, n := range g.Node {
		if err := checkNode(n); err != nil {
			return err
		}
		for _, o := range n.Output {
			if o == "" {
				continue
			}
			if err := m.names.define(o); err != nil {
				return nodeErrorf(n, "output %q: %w", o, err)
			}
		}
	}
	for _, n := range g.Node {
		for _, in := range n.Input {
			if in != "" && !m.names[in] {
				return nodeErrorf(n, "input %q is not defined", in)
			}
		}
	}
	var err error
	m.nodes, err = sortNodes(g.Node)
	return err
}

// checkNode checks what can be said of a node alone and types its attributes.
func checkNode(n *pb.NodeProto) error {
	if !slices.ContainsFunc(n.Output, func(o string) bool { return o != "" }) {
		return nodeErrorf(n, "has no outputs")
	}
	if !utf8.ValidString(n.GetOpType()) {
		return nodeErrorf(n, "the operator's name is not UTF-8")
	}
	seen := make(map[string]bool, len(n.Attribute))
	for _, a := range n.Attribute {
		switch name := a.GetName(); {
		case !utf8.ValidString(name):
			return nodeErrorf(n, "attribute %q: the name is not UTF-8", name)
		case seen[name]:
			return nodeErrorf(n, "attribute %s stands there twice", word(name))
		case a.GetRefAttrName() != "":
			return nodeErrorf(n, "attribute %s refers to %q outside of a function", word(name), a.GetRefAttrName())
		}
		seen[a.GetName()] = true
		if a.GetType() == pb.AttributeProto_UNDEFINED {
			a.Type = attributeType(a).Enum()
		}
	}
	return nil
}

// attributeType tells the type of an attribute that does not say it, as those of the
// oldest exporters, from the field that is set.
func attributeType(a *pb.AttributeProto) pb.AttributeProto_AttributeType {
	switch {
	case a.F != nil:
		return pb.AttributeProto_FLOAT
	case a.I != nil:
		return pb.AttributeProto_INT
	case a.S != nil:
		return pb.AttributeProto_STRING
	case a.T != nil:
		return pb.AttributeProto_TENSOR
	case a.G != nil:
		return pb.AttributeProto_GRAPH
	case len(a.Floats) > 0:
		return pb.AttributeProto_FLOATS
	case len(a.Ints) > 0:
		return pb.AttributeProto_INTS
	case len(a.Strings) > 0:
		return pb.AttributeProto_STRINGS
	case len(a.Tensors) > 0:
		return pb.AttributeProto_TENSORS
	}
	return pb.AttributeProto_UNDEFINED
}

func (m *model) readOutputs(g *pb.GraphProto) error {
	if len(g.Output) == 0 {
		return errors.New("importer: the graph has no outputs")
	}
	listed := make(names)
	for _, o := range g.Output {
		name := o.GetName()
		if !m.names[name] {
			return fmt.Errorf("importer: graph output %q: no node computes it", name)
		}
		if listed[name] {
			return fmt.Errorf("importer: graph output %q is listed twice", name)
		}
		listed[name] = true
		m.outputs = append(m.outputs, name)
	}
	return nil
}
