package importer

import (
	"fmt"

	onnx "github.com/owulveryck/onnx-go"
	"gonum.org/v1/gonum/graph"
	"google.golang.org/protobuf/proto"

	"ann2snn/internal/pb"
)

// indexKey is the attribute by which a recorded operation names its node. It replaces
// an attribute of the same name in the file, which no operator has.
const indexKey = "\x00index"

// An operation is a node as onnx-go decoded it.
type operation struct {
	index      int // of model.nodes
	op         string
	in, out    []string
	attributes map[string]any // float32, int64, string or a list of these
}

// record decodes the model's operators with onnx-go, from a skeleton without weights,
// types and everything else that onnx-go mistakes or drops.
func record(m *model) (ops []operation, err error) {
	skeleton, err := proto.Marshal(skeletonOf(m))
	if err != nil {
		return nil, fmt.Errorf("importer: %w", err)
	}
	defer func() {
		if p := recover(); p != nil {
			ops, err = nil, fmt.Errorf("importer: onnx-go gave up: %v", p)
		}
	}()
	r := new(recorder)
	if err := onnx.NewModel(r).UnmarshalBinary(skeleton); err != nil {
		return nil, fmt.Errorf("importer: onnx-go: %w", err)
	}
	return r.ops, nil
}

func skeletonOf(m *model) *pb.ModelProto {
	g := new(pb.GraphProto)
	for _, in := range m.inputs {
		g.Input = append(g.Input, &pb.ValueInfoProto{Name: &in.Name})
	}
	for _, out := range m.outputs {
		g.Output = append(g.Output, &pb.ValueInfoProto{Name: &out})
	}
	for i, n := range m.nodes {
		g.Node = append(g.Node, skeletonNode(i, n))
	}
	return &pb.ModelProto{Graph: g}
}

func skeletonNode(index int, n *pb.NodeProto) *pb.NodeProto {
	s := &pb.NodeProto{OpType: n.OpType, Input: skeletonInputs(n), Output: n.Output}
	for _, a := range n.Attribute {
		if isPlain(a) {
			s.Attribute = append(s.Attribute, a)
		}
	}
	s.Attribute = append(s.Attribute, &pb.AttributeProto{
		Name: proto.String(indexKey), Type: pb.AttributeProto_INT.Enum(), I: proto.Int64(int64(index)),
	})
	return s
}

// skeletonInputs are the inputs of n; onnx-go would invent one for a node without any.
func skeletonInputs(n *pb.NodeProto) []string {
	if len(n.Input) == 0 {
		return []string{""}
	}
	return n.Input
}

// isPlain reports whether onnx-go decodes the attribute. It fails on graphs and lists of
// tensors, and on most types of tensors.
func isPlain(a *pb.AttributeProto) bool {
	switch a.GetType() {
	case pb.AttributeProto_FLOAT, pb.AttributeProto_INT, pb.AttributeProto_STRING,
		pb.AttributeProto_FLOATS, pb.AttributeProto_INTS, pb.AttributeProto_STRINGS:
		return true
	}
	return false
}

// A recorder is an onnx.Backend that notes the operations that onnx-go applies.
type recorder struct {
	graph.DirectedWeightedBuilder // nil: onnx-go builds the graph and never asks about it

	values int64
	edges  []edge // since the last operation
	ops    []operation
}

// A value is a tensor as onnx-go knows it: an onnx.Namer.
type value struct {
	id   int64
	name string
}

func (v *value) ID() int64           { return v.id }
func (v *value) SetName(name string) { v.name = name }
func (v *value) GetName() string     { return v.name }

// An edge leads from an output of an operation to an input.
type edge struct {
	out, in *value
	weight  float64
}

func (e edge) From() graph.Node         { return e.out }
func (e edge) To() graph.Node           { return e.in }
func (e edge) Weight() float64          { return e.weight }
func (e edge) ReversedEdge() graph.Edge { return edge{e.in, e.out, e.weight} }

// NewNode implements graph.NodeAdder.
func (r *recorder) NewNode() graph.Node {
	r.values++
	return &value{id: r.values - 1}
}

// AddNode implements graph.NodeAdder.
func (r *recorder) AddNode(graph.Node) {}

// NewWeightedEdge implements graph.WeightedEdgeAdder.
func (r *recorder) NewWeightedEdge(out, in graph.Node, weight float64) graph.WeightedEdge {
	return edge{out.(*value), in.(*value), weight}
}

// SetWeightedEdge implements graph.WeightedEdgeAdder.
func (r *recorder) SetWeightedEdge(e graph.WeightedEdge) {
	r.edges = append(r.edges, e.(edge))
}

// ApplyOperation implements onnx.OperationCarrier. The edges seen since the last
// operation are those of this one: for each output, one to each input in order.
func (r *recorder) ApplyOperation(o onnx.Operation, outputs ...graph.Node) error {
	index, _ := o.Attributes[indexKey].(int64)
	delete(o.Attributes, indexKey)
	op := operation{index: int(index), op: o.Name, attributes: o.Attributes}
	for _, out := range outputs {
		op.out = append(op.out, out.(*value).name)
	}
	for _, e := range r.edges[:len(r.edges)/len(outputs)] {
		op.in = append(op.in, e.in.name)
	}
	r.edges = r.edges[:0]
	r.ops = append(r.ops, op)
	return nil
}
