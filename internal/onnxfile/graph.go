// Package onnxfile builds ONNX models node by node, for exports and for the networks of
// benchmarks and tests. Names are made unique; the same calls give the same bytes.
package onnxfile

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"google.golang.org/protobuf/proto"

	"ann2snn/internal/pb"
)

// Versions of the format that are written: the oldest in which DequantizeLinear takes a
// scale per channel, and a file version that readers of that time know.
const (
	IRVersion = 8
	Opset     = 13
)

// Graph is a graph under construction. Nodes have one output each, which has the node's
// name; names that are taken get a number.
type Graph struct {
	pb    *pb.GraphProto
	taken map[string]int // the last number tried for a name that is taken, 1 for none
}

// New returns an empty graph.
func New(name string) *Graph {
	return &Graph{pb: &pb.GraphProto{Name: proto.String(name)}, taken: map[string]int{"": 1}}
}

// Node adds a node and returns its name, which is also its output's.
func (g *Graph) Node(name, op string, in []string, attributes ...*pb.AttributeProto) string {
	name = g.unique(name)
	g.pb.Node = append(g.pb.Node, Node(name, op, in, name, attributes...))
	return name
}

// Constant adds a tensor and returns its name.
func (g *Graph) Constant(t *pb.TensorProto) string {
	name := g.unique(t.GetName())
	t.Name = proto.String(name)
	g.pb.Initializer = append(g.pb.Initializer, t)
	return name
}

// Input adds an input of the model and returns its name.
func (g *Graph) Input(name string, t pb.TensorProto_DataType, dims ...int64) string {
	name = g.unique(name)
	g.pb.Input = append(g.pb.Input, info(name, t, dims))
	return name
}

// Output makes a value an output of the model.
func (g *Graph) Output(name string, t pb.TensorProto_DataType, dims ...int64) {
	g.pb.Output = append(g.pb.Output, info(name, t, dims))
}

// Len returns the number of nodes.
func (g *Graph) Len() int { return len(g.pb.GetNode()) }

// Model returns the model; the graph must not change afterwards.
func (g *Graph) Model(producer string) *pb.ModelProto {
	return &pb.ModelProto{
		IrVersion:    proto.Int64(IRVersion),
		ProducerName: proto.String(producer),
		Graph:        g.pb,
		OpsetImport:  []*pb.OperatorSetIdProto{{Domain: proto.String(""), Version: proto.Int64(Opset)}},
	}
}

// Marshal returns the bytes of a model. The same model gives the same bytes.
func Marshal(m *pb.ModelProto) ([]byte, error) {
	if size := proto.Size(m); size > math.MaxInt32 {
		return nil, fmt.Errorf("onnxfile: the model takes %d bytes, beyond the 2 GiB of the format", size)
	}
	data, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("onnxfile: cannot encode the model: %w", err)
	}
	return data, nil
}

// unique returns name, or name and a number where it is taken.
func (g *Graph) unique(name string) string {
	name = strings.ToValidUTF8(name, "\uFFFD") // readers of protobuf refuse others
	free, i := name, max(1, g.taken[name])
	for g.taken[free] > 0 {
		i++
		free = name + "_" + strconv.Itoa(i)
	}
	g.taken[free] = 1
	g.taken[name] = i // the next one need not look at those before
	return free
}

// Node returns a node with one output.
func Node(name, op string, in []string, out string, attributes ...*pb.AttributeProto) *pb.NodeProto {
	return &pb.NodeProto{
		OpType: proto.String(op), Name: proto.String(name), Input: in, Output: []string{out}, Attribute: attributes,
	}
}

func info(name string, t pb.TensorProto_DataType, dims []int64) *pb.ValueInfoProto {
	shape := &pb.TensorShapeProto{}
	for _, d := range dims {
		shape.Dim = append(shape.Dim, &pb.TensorShapeProto_Dimension{Value: &pb.TensorShapeProto_Dimension_DimValue{DimValue: d}})
	}
	tensor := &pb.TypeProto_Tensor{ElemType: proto.Int32(int32(t)), Shape: shape}
	return &pb.ValueInfoProto{Name: proto.String(name), Type: &pb.TypeProto{Value: &pb.TypeProto_TensorType{TensorType: tensor}}}
}
