package onnxgo

import (
	"fmt"
	"strconv"

	onnx "github.com/owulveryck/onnx-go"
	"gonum.org/v1/gonum/graph"
	"google.golang.org/protobuf/proto"

	"ann2snn/internal/pb"
)

// Attributes decodes, per node, the attributes that are numbers, strings or lists of them:
// values of type float32, int64, string or a slice of one of these, by name. onnx-go fails
// on graphs and lists of tensors, and on most types of tensors; these are left out.
//
// onnx-go sees the attributes alone: it mistakes or drops weights, types, names, domains
// and absent inputs, and pairs all inputs of a node with all outputs.
func Attributes(nodes []*pb.NodeProto) (attributes []map[string]any, err error) {
	if len(nodes) == 0 {
		return nil, nil
	}
	skeleton := &pb.GraphProto{Output: []*pb.ValueInfoProto{{Name: proto.String("0")}}}
	for i, n := range nodes {
		s := &pb.NodeProto{OpType: n.OpType, Input: []string{""}, Output: []string{strconv.Itoa(i)}}
		for _, a := range n.Attribute {
			if isPlain(a) {
				s.Attribute = append(s.Attribute, a)
			}
		}
		skeleton.Node = append(skeleton.Node, s)
	}
	data, err := proto.Marshal(&pb.ModelProto{Graph: skeleton})
	if err != nil {
		return nil, fmt.Errorf("%w", err)
	}
	defer func() {
		if p := recover(); p != nil {
			attributes, err = nil, fmt.Errorf("onnx-go gave up: %v", p)
		}
	}()
	r := new(recorder)
	if err := onnx.NewModel(r).UnmarshalBinary(data); err != nil {
		return nil, fmt.Errorf("onnx-go: %w", err)
	}
	if len(r.operations) != len(nodes) {
		return nil, fmt.Errorf("onnx-go made %d operations of %d nodes", len(r.operations), len(nodes))
	}
	return r.operations, nil
}

// isPlain reports whether onnx-go decodes the attribute.
func isPlain(a *pb.AttributeProto) bool {
	switch a.GetType() {
	case pb.AttributeProto_FLOAT, pb.AttributeProto_INT, pb.AttributeProto_STRING,
		pb.AttributeProto_FLOATS, pb.AttributeProto_INTS, pb.AttributeProto_STRINGS:
		return true
	}
	return false
}

// A recorder is an onnx.Backend that keeps the attributes of the operations, which onnx-go
// applies in the order of the nodes.
type recorder struct {
	graph.DirectedWeightedBuilder // nil: onnx-go builds the graph and never asks about it

	values     value
	operations []map[string]any
}

// A value is a tensor as onnx-go knows it.
type value int64

func (v value) ID() int64 { return int64(v) }

// An edge leads from an output of an operation to an input.
type edge struct{ out, in graph.Node }

func (e edge) From() graph.Node         { return e.out }
func (e edge) To() graph.Node           { return e.in }
func (e edge) Weight() float64          { return 0 }
func (e edge) ReversedEdge() graph.Edge { return edge{e.in, e.out} }

// NewNode implements graph.NodeAdder.
func (r *recorder) NewNode() graph.Node {
	r.values++
	return r.values
}

// AddNode implements graph.NodeAdder.
func (r *recorder) AddNode(graph.Node) {}

// NewWeightedEdge implements graph.WeightedEdgeAdder.
func (r *recorder) NewWeightedEdge(out, in graph.Node, _ float64) graph.WeightedEdge {
	return edge{out, in}
}

// SetWeightedEdge implements graph.WeightedEdgeAdder.
func (r *recorder) SetWeightedEdge(graph.WeightedEdge) {}

// ApplyOperation implements onnx.OperationCarrier.
func (r *recorder) ApplyOperation(o onnx.Operation, _ ...graph.Node) error {
	if o.Attributes == nil {
		o.Attributes = make(map[string]any)
	}
	r.operations = append(r.operations, o.Attributes)
	return nil
}
