package onnxgo

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"

	"ann2snn/internal/pb"
	"ann2snn/ir"
)

func TestAttributes(t *testing.T) {
	attribute := func(name string, kind pb.AttributeProto_AttributeType, fill func(*pb.AttributeProto)) *pb.AttributeProto {
		a := &pb.AttributeProto{Name: proto.String(name), Type: kind.Enum()}
		fill(a)
		return a
	}
	nodes := []*pb.NodeProto{
		{OpType: proto.String("Conv"), Input: []string{"x", "", "w"}, Output: []string{"y", ""}, Attribute: []*pb.AttributeProto{
			attribute("f", pb.AttributeProto_FLOAT, func(a *pb.AttributeProto) { a.F = proto.Float32(0.5) }),
			attribute("i", pb.AttributeProto_INT, func(a *pb.AttributeProto) { a.I = proto.Int64(-3) }),
			attribute("s", pb.AttributeProto_STRING, func(a *pb.AttributeProto) { a.S = []byte("SAME") }),
			attribute("fs", pb.AttributeProto_FLOATS, func(a *pb.AttributeProto) { a.Floats = []float32{1, 2} }),
			attribute("is", pb.AttributeProto_INTS, func(a *pb.AttributeProto) { a.Ints = []int64{1, 2, 3} }),
			attribute("ss", pb.AttributeProto_STRINGS, func(a *pb.AttributeProto) { a.Strings = [][]byte{[]byte("a"), []byte("b")} }),
			attribute("t", pb.AttributeProto_TENSOR, func(a *pb.AttributeProto) { a.T = &pb.TensorProto{DataType: proto.Int32(99)} }),
			attribute("g", pb.AttributeProto_GRAPH, func(a *pb.AttributeProto) { a.G = &pb.GraphProto{} }),
		}},
		{OpType: proto.String("Constant"), Output: []string{"c"}},
		{OpType: proto.String("Relu"), Input: []string{"y"}, Output: []string{"z"}},
	}
	got, err := Attributes(nodes)
	if err != nil {
		t.Fatal(err)
	}
	want := []map[string]any{
		{
			"f": float32(0.5), "i": int64(-3), "s": "SAME",
			"fs": []float32{1, 2}, "is": []int64{1, 2, 3}, "ss": []string{"a", "b"},
		},
		{},
		{},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("attributes (-want +got):\n%s", diff)
	}
	if got, err := Attributes(nil); got != nil || err != nil {
		t.Errorf("of no nodes: %v, %v", got, err)
	}
}

func TestTensor(t *testing.T) {
	elems := []float32{1, 2, 3, 4}
	got, err := Tensor([]int{2, 2}, elems)
	if err != nil {
		t.Fatal(err)
	}
	elems[3] = 7
	if diff := cmp.Diff(&ir.Tensor{DType: ir.Float32, Shape: []int{2, 2}, F: []float32{1, 2, 3, 7}}, got); diff != "" {
		t.Errorf("the constant shares elements and shape (-want +got):\n%s", diff)
	}
	if _, err := Tensor([]int{2, 3}, elems); err == nil || !strings.Contains(err.Error(), "[2 3]") {
		t.Errorf("4 elements of shape [2 3]: %v", err)
	}
	if _, err := Tensor([]int{1}, []int16{1}); err == nil {
		t.Error("elements of int16 become a constant")
	}
}
