package importer

import (
	"math"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"ann2snn/internal/pb"
	"ann2snn/ir"
)

// file returns a model of opset 13 with graph input x [N,3,8,8], whose output is the
// first output of the last node.
func file(nodes ...*pb.NodeProto) *pb.ModelProto {
	g := &pb.GraphProto{Node: nodes, Input: []*pb.ValueInfoProto{floatInput("x", "N", 3, 8, 8)}}
	if len(nodes) > 0 {
		g.Output = []*pb.ValueInfoProto{{Name: &nodes[len(nodes)-1].Output[0]}}
	}
	return &pb.ModelProto{Graph: g, OpsetImport: []*pb.OperatorSetIdProto{{Version: proto.Int64(13)}}}
}

// opset sets the version of the ONNX operators.
func opset(m *pb.ModelProto, version int) *pb.ModelProto {
	m.OpsetImport[0].Version = proto.Int64(int64(version))
	return m
}

// op returns a node from the text form "y, z = Op(a, b)", called like its first output
// in capitals.
func op(text string, attributes ...*pb.AttributeProto) *pb.NodeProto {
	out, call, _ := strings.Cut(text, " = ")
	kind, in, _ := strings.Cut(strings.TrimSuffix(call, ")"), "(")
	n := &pb.NodeProto{OpType: &kind, Input: values(in), Output: values(out), Attribute: attributes}
	n.Name = proto.String(strings.ToUpper(n.Output[0]))
	return n
}

// values splits "a, , b"; _ is an absent value.
func values(list string) []string {
	if list == "" {
		return nil
	}
	names := strings.Split(list, ", ")
	for i, n := range names {
		names[i] = strings.Trim(n, "_")
	}
	return names
}

// attr returns an attribute of the type that suits v.
func attr(name string, v any) *pb.AttributeProto {
	a := untyped(name, v)
	a.Type = attributeType(a).Enum()
	if _, ok := v.([]int64); ok { // even an empty list
		a.Type = pb.AttributeProto_INTS.Enum()
	}
	return a
}

// untyped returns an attribute that does not say its type.
func untyped(name string, v any) *pb.AttributeProto {
	a := &pb.AttributeProto{Name: &name}
	switch v := v.(type) {
	case int:
		a.I = proto.Int64(int64(v))
	case float64:
		a.F = proto.Float32(float32(v))
	case string:
		a.S = []byte(v)
	case []int64:
		a.Ints = v
	case []float32:
		a.Floats = v
	case []string:
		for _, s := range v {
			a.Strings = append(a.Strings, []byte(s))
		}
	case *pb.TensorProto:
		a.T = v
	case *pb.GraphProto:
		a.G = v
	}
	return a
}

func floatInput(name string, dims ...any) *pb.ValueInfoProto {
	return input(name, pb.TensorProto_FLOAT, dims...)
}

// input returns a graph input with fixed (int) and symbolic (string) axes.
func input(name string, elem pb.TensorProto_DataType, dims ...any) *pb.ValueInfoProto {
	shape := new(pb.TensorShapeProto)
	for _, d := range dims {
		dim := new(pb.TensorShapeProto_Dimension)
		switch d := d.(type) {
		case int:
			dim.Value = &pb.TensorShapeProto_Dimension_DimValue{DimValue: int64(d)}
		case string:
			dim.Value = &pb.TensorShapeProto_Dimension_DimParam{DimParam: d}
		}
		shape.Dim = append(shape.Dim, dim)
	}
	return &pb.ValueInfoProto{Name: &name, Type: &pb.TypeProto{Value: &pb.TypeProto_TensorType{
		TensorType: &pb.TypeProto_Tensor{ElemType: proto.Int32(int32(elem)), Shape: shape},
	}}}
}

// rawTensor returns a tensor with raw data.
func rawTensor(name string, elem pb.TensorProto_DataType, raw []byte, dims ...int64) *pb.TensorProto {
	return &pb.TensorProto{Name: &name, DataType: proto.Int32(int32(elem)), Dims: dims, RawData: raw}
}

// zeros returns a float tensor with raw data.
func zeros(name string, dims ...int64) *pb.TensorProto {
	n := int64(1)
	for _, d := range dims {
		n *= d
	}
	return rawTensor(name, pb.TensorProto_FLOAT, make([]byte, 4*n), dims...)
}

// ints returns an int64 tensor of one axis.
func ints(name string, list ...int64) *pb.TensorProto {
	var raw []byte
	for _, v := range list {
		raw = le.AppendUint64(raw, uint64(v))
	}
	return rawTensor(name, pb.TensorProto_INT64, raw, int64(len(list)))
}

// scalar returns a float tensor without axes.
func scalar(name string, v float32) *pb.TensorProto {
	return rawTensor(name, pb.TensorProto_FLOAT, le.AppendUint32(nil, math.Float32bits(v)))
}

// with adds initializers.
func with(m *pb.ModelProto, initializers ...*pb.TensorProto) *pb.ModelProto {
	m.Graph.Initializer = append(m.Graph.Initializer, initializers...)
	return m
}

func marshal(tb testing.TB, m *pb.ModelProto) []byte {
	tb.Helper()
	b, err := proto.Marshal(m)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func parse(tb testing.TB, m *pb.ModelProto, o Options) (*ir.Graph, error) {
	tb.Helper()
	return Parse(tb.Context(), marshal(tb, m), "", o)
}

// mustParse imports m and checks that the graph is legal.
func mustParse(tb testing.TB, m *pb.ModelProto) *ir.Graph {
	tb.Helper()
	g, err := parse(tb, m, Options{})
	if err != nil {
		tb.Fatal(err)
	}
	if err := g.Verify(); err != nil {
		tb.Fatalf("the graph is illegal: %v", err)
	}
	return g
}

// wantError checks that err says want.
func wantError(tb testing.TB, err error, want string) {
	tb.Helper()
	switch {
	case err == nil:
		tb.Fatalf("no error, want %q", want)
	case !strings.Contains(err.Error(), want):
		tb.Fatalf("error %q, want %q", err, want)
	case !strings.HasPrefix(err.Error(), "importer: "):
		tb.Errorf("error %q does not name the package", err)
	}
}

// body returns the text of g's constants and nodes, without source, inputs and outputs.
func body(g *ir.Graph) string {
	var lines []string
	for line := range strings.Lines(g.String()) {
		if strings.HasPrefix(line, "const ") || strings.Contains(line, " = ") {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return strings.Join(lines, "\n")
}
