package importer

import (
	"fmt"
	"os"
	"path/filepath"
	goruntime "runtime"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"ann2snn/internal/pb"
)

// TestHostileFiles checks that every malformed file gives its error, soon and without
// much memory.
func TestHostileFiles(t *testing.T) {
	relu := func() *pb.ModelProto { return file(op("y = Relu(x)")) }
	edit := func(f func(m *pb.ModelProto)) []byte {
		m := relu()
		f(m)
		return marshal(t, m)
	}
	node := func(n *pb.NodeProto) []byte { return marshal(t, file(n)) }
	tests := []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "importer: not an ONNX model: it has no graph"},
		{"garbage", []byte(strings.Repeat("garbage!", 100)), "importer: not an ONNX model"},
		{"text", []byte("<!DOCTYPE html>"), "importer: not an ONNX model"},
		{"truncated", marshal(t, relu())[:40], "importer: not an ONNX model: unexpected EOF"},
		{"truncated in the weights", marshal(t, with(relu(), zeros("w", 1000)))[:500], "importer: not an ONNX model: unexpected EOF"},
		{"no nodes", marshal(t, file()), "importer: the graph has no nodes"},
		{"no outputs", edit(func(m *pb.ModelProto) { m.Graph.Output = nil }), "importer: the graph has no outputs"},
		{"node without outputs", node(&pb.NodeProto{OpType: proto.String("Relu"), Name: proto.String("r"), Output: []string{""}}), `importer: Relu "r": has no outputs`},

		{"old opset", marshal(t, opset(relu(), 6)), "importer: opset 6 is not supported, only 7 to 27 (convert the model"},
		{"new opset", marshal(t, opset(relu(), maxOpset+1)), "importer: opset 28 is not supported"},
		{"negative opset", marshal(t, opset(relu(), -1)), "importer: opset 1 is not supported"},
		{"no opset", edit(func(m *pb.ModelProto) { m.OpsetImport = nil }), "importer: opset 1 is not supported"},

		{"cycle", marshal(t, file(op("y = Add(x, z)"), op("z = Relu(y)"))), `importer: Relu "Z": input "y" depends on the node's own output: the graph has a cycle`},
		{"self loop", node(op("y = Relu(y)")), `importer: Relu "Y": input "y" depends on the node's own output`},
		{"undefined input", node(op("y = Relu(nowhere)")), `importer: Relu "Y": input "nowhere" is not defined`},
		{"duplicate output", marshal(t, file(op("y = Relu(x)"), op("y = Tanh(x)"))), `importer: Tanh "Y": output "y": is defined twice`},
		{"output is an input", node(op("x = Relu(x)")), `importer: Relu "X": output "x": is defined twice`},
		{"duplicate initializer", marshal(t, with(relu(), zeros("w", 1), zeros("w", 1))), `importer: initializer "w": is defined twice`},
		{"unnamed initializer", marshal(t, with(relu(), zeros("", 1))), `importer: initializer "": has no name`},
		{"duplicate input", edit(func(m *pb.ModelProto) { m.Graph.Input = append(m.Graph.Input, m.Graph.Input[0]) }), `importer: graph input "x": is defined twice`},
		{"output without producer", edit(func(m *pb.ModelProto) { m.Graph.Output[0].Name = proto.String("z") }), `importer: graph output "z": no node computes it`},
		{"output listed twice", edit(func(m *pb.ModelProto) { m.Graph.Output = append(m.Graph.Output, m.Graph.Output[0]) }), `importer: graph output "y" is listed twice`},
		{"name is not UTF-8", node(op("\xff = Relu(x)")), "the name is not UTF-8"},
		{"operator is not UTF-8", node(op("y = \xff(x)")), "the operator's name is not UTF-8"},
		{"attribute is not UTF-8", node(op("y = Relu(x)", attr("\xff", 1))), "the name is not UTF-8"},

		{"input of 2^38 elements", edit(func(m *pb.ModelProto) { m.Graph.Input[0] = floatInput("x", 1<<38) }), `importer: graph input "x": shape [274877906944] has more than 2147483647 elements (try the input's shape as x=1,3,224,224)`},
		{"input of overflowing size", edit(func(m *pb.ModelProto) { m.Graph.Input[0] = floatInput("x", 1<<31-1, 1<<31-1, 1<<31-1) }), "has more than 2147483647 elements"},
		{"negative input axis", edit(func(m *pb.ModelProto) { m.Graph.Input[0] = floatInput("x", -1, 3) }), `importer: graph input "x": axis 0 has length -1 (try the input's shape as x=1,3,224,224)`},
		{"empty input", edit(func(m *pb.ModelProto) { m.Graph.Input[0] = floatInput("x", 1, 0) }), `importer: graph input "x": axis 1 has length 0`},
		{"input of strings", edit(func(m *pb.ModelProto) { m.Graph.Input[0] = input("x", pb.TensorProto_STRING, 1) }), `importer: graph input "x": elements of type STRING are not supported`},
		{"input that is no tensor", edit(func(m *pb.ModelProto) { m.Graph.Input[0].Type = nil }), `importer: graph input "x": is not a tensor`},
		{"input of too many axes", edit(func(m *pb.ModelProto) { m.Graph.Input[0] = floatInput("x", ones(65)...) }), `importer: graph input "x": has 65 axes`},

		{"weights of 2^38 elements", marshal(t, with(relu(), rawTensor("w", pb.TensorProto_FLOAT, nil, 1<<38))), `importer: initializer "w": shape [274877906944] has more than 2147483647 elements`},
		{"weights of overflowing size", marshal(t, with(relu(), rawTensor("w", pb.TensorProto_FLOAT, nil, 1<<62, 4))), `importer: initializer "w": shape [4611686018427387904 4] has more than`},
		{"weights that are missing", marshal(t, with(relu(), rawTensor("w", pb.TensorProto_FLOAT, nil, 1<<30))), `importer: initializer "w": has 0 elements of data, but its shape is [1073741824]`},
		{"weights of another shape", marshal(t, with(relu(), rawTensor("w", pb.TensorProto_FLOAT, make([]byte, 12), 4))), `importer: initializer "w": has 12 bytes of data, but [4] elements of float32 take 16`},
		{"negative weights axis", marshal(t, with(relu(), zeros("w", -1, -4))), `importer: initializer "w": shape [-1 -4] has a negative axis`},
		{"weights of too many axes", marshal(t, with(relu(), rawTensor("w", pb.TensorProto_FLOAT, make([]byte, 4), make([]int64, 65)...))), `importer: initializer "w": has 65 axes`},
		{"weights of strings", marshal(t, with(relu(), rawTensor("w", pb.TensorProto_STRING, nil, 1))), `importer: initializer "w": elements of type STRING are not supported`},
		{"weights of unknown type", marshal(t, with(relu(), rawTensor("w", 77, nil, 1))), `importer: initializer "w": elements of type 77 are not supported`},
		{"weights in segments", edit(func(m *pb.ModelProto) {
			with(m, zeros("w", 1)).Graph.Initializer[0].Segment = &pb.TensorProto_Segment{}
		}), `importer: initializer "w": tensors in segments are not supported`},
		{"constant of 2^31 elements", node(op("y = Constant()", attr("value", rawTensor("", pb.TensorProto_FLOAT, nil, 1<<31-1)))), `importer: Constant "Y": attribute value: has 0 elements of data`},
		{"sparse weights", edit(func(m *pb.ModelProto) {
			m.Graph.SparseInitializer = []*pb.SparseTensorProto{{Values: zeros("s", 1)}}
		}), `importer: sparse initializer "s": sparse tensors are not supported`},

		{"attribute twice", node(op("y = Flatten(x)", attr("axis", 1), attr("axis", 2))), `importer: Flatten "Y": attribute axis stands there twice`},
		{"attribute of a function", node(op("y = Flatten(x)", &pb.AttributeProto{Name: proto.String("axis"), RefAttrName: proto.String("a")})), `importer: Flatten "Y": attribute axis refers to "a" outside of a function`},
		{"list of tensors", node(op("y = Relu(x)", &pb.AttributeProto{Name: proto.String("l"), Tensors: []*pb.TensorProto{{}}})), `importer: Relu "Y": opset 13 has no attribute l`},
		{"attribute without its tensor", node(op("y = Constant()", &pb.AttributeProto{Name: proto.String("value"), Type: pb.AttributeProto_TENSOR.Enum()})), `importer: Constant "Y": attribute value is empty`},
		{"tensor of the wrong kind", node(op("y = Constant()", &pb.AttributeProto{Name: proto.String("value"), SparseTensor: &pb.SparseTensorProto{}, Type: pb.AttributeProto_SPARSE_TENSOR.Enum()})), `importer: Constant "Y": attribute value is of type SPARSE_TENSOR, want a TENSOR`},
		{"control flow", node(op("y = If(x)", attr("then_branch", &pb.GraphProto{}))), `If "Y": attribute then_branch holds a graph`},
		{"unknown domain", node(&pb.NodeProto{OpType: proto.String("Relu"), Domain: proto.String("acme"), Output: []string{"y"}}), `acme.Relu "y": operators of domain "acme" are not supported`},

		{"many inputs and outputs", node(op("y" + strings.Repeat(", _", 9999) + " = Split(x" + strings.Repeat(", x", 9999) + ")")), `importer: Split "Y": has 10000 inputs, want 1 to 2`},
		{"nested graphs", node(op("y = If(x)", nested(3000))), `If "Y": attribute g holds a graph`},
		{"graphs nested too deep", node(op("y = If(x)", nested(9000))), "importer: not an ONNX model"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var err error
			bounded(t, func() { _, err = Parse(t.Context(), test.file, t.TempDir(), Options{}) })
			wantError(t, err, test.want)
		})
	}
}

// ones returns n axes of length 1.
func ones(n int) []any {
	dims := make([]any, n)
	for i := range dims {
		dims[i] = 1
	}
	return dims
}

// nested returns an attribute of graphs within graphs.
func nested(depth int) *pb.AttributeProto {
	a := attr("g", &pb.GraphProto{})
	for range depth {
		a = attr("g", &pb.GraphProto{Node: []*pb.NodeProto{{Attribute: []*pb.AttributeProto{a}}}})
	}
	return a
}

// bounded checks that f takes less than a second and allocates less than 100 MB.
func bounded(t *testing.T, f func()) {
	t.Helper()
	var before, after goruntime.MemStats
	goruntime.ReadMemStats(&before)
	start := time.Now()
	f()
	elapsed := time.Since(start)
	goruntime.ReadMemStats(&after)
	if elapsed > time.Second {
		t.Errorf("took %v", elapsed)
	}
	if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 100<<20 {
		t.Errorf("allocated %d MB", allocated>>20)
	}
}

// TestSmallestBomb freezes the file of 65 bytes that exhausts the memory of onnx-go.
func TestSmallestBomb(t *testing.T) {
	m := file(op("y = Relu(x)"))
	m.Graph.Input[0] = floatInput("x", 1<<38)
	m.Graph.Node[0].Name = nil
	b := marshal(t, m)
	if len(b) > 65 {
		t.Errorf("the file has %d bytes", len(b))
	}
	bounded(t, func() {
		_, err := Parse(t.Context(), b, "", Options{})
		wantError(t, err, "has more than 2147483647 elements")
	})
}

// TestReversedChain checks that sorting a file written backwards is neither slow nor deep.
func TestReversedChain(t *testing.T) {
	const n = 5000
	var nodes []*pb.NodeProto
	for i := n; i > 0; i-- {
		nodes = append(nodes, op(fmt.Sprintf("v%d = Relu(v%d)", i, i-1)))
	}
	m := file(nodes...)
	m.Graph.Input[0] = floatInput("v0", 1)
	b := marshal(t, m)
	bounded(t, func() {
		g, err := Parse(t.Context(), b, "", Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(g.Nodes) != n || g.Value(g.Nodes[0].Out[0]).Name != "v1" {
			t.Errorf("%d nodes, want %d from v1 on", len(g.Nodes), n)
		}
	})
}

// TestHarmlessOddities checks that what is odd but legal is read.
func TestHarmlessOddities(t *testing.T) {
	tests := []struct {
		name string
		m    *pb.ModelProto
		want string
	}{
		{"declared domain", func() *pb.ModelProto {
			m := file(op("y = Relu(x)"))
			m.OpsetImport = append(m.OpsetImport, &pb.OperatorSetIdProto{Domain: proto.String("com.microsoft"), Version: proto.Int64(1)})
			return m
		}(), `%y = Relu(%x) "Y"`},
		{"domain spelled out", func() *pb.ModelProto {
			m := file(op("y = Relu(x)"))
			m.OpsetImport[0].Domain = proto.String("ai.onnx")
			m.Graph.Node[0].Domain = proto.String("ai.onnx")
			return m
		}(), `%y = Relu(%x) "Y"`},
		{"unused function", func() *pb.ModelProto {
			m := file(op("y = Relu(x)"))
			m.Functions = []*pb.FunctionProto{{Name: proto.String("Block"), Domain: proto.String("local")}}
			return m
		}(), `%y = Relu(%x) "Y"`},
		{
			"attributes without type", opset(file(
				op("m = MaxPool(x)", untyped("kernel_shape", []int64{2, 2}), untyped("auto_pad", "VALID"), untyped("strides", []int64{})),
				op("l = LeakyRelu(m)", untyped("alpha", 0.5)),
				op("f = Flatten(l)", untyped("axis", 2)),
				op("c = Constant()", untyped("value", scalar("", 2)))), 11),
			"const %c float32[] = {2}\n" + `%m = MaxPool(%x) "M" {kernel=[2,2] autoPad=valid}
%l = LeakyRelu(%m) "L" {alpha=0.5}
%f = Flatten(%l) "F" {axis=2}`,
		},
		{
			"nodes out of order", file(op("b = Relu(a)"), op("a = Tanh(x)"), op("c = Add(a, b)")),
			`%a = Tanh(%x) "A"
%b = Relu(%a) "B"
%c = Add(%a, %b) "C"`,
		},
		{
			"names like those made up", file(op("Y/Add = Relu(x)"), op("y = Sum(x, x, Y/Add)")),
			`%Y/Add = Relu(%x) "Y/ADD"
%Y/Add_2 = Add(%x, %x) "Y"
%y = Add(%Y/Add_2, %Y/Add) "Y"`,
		},
		{"initializer that is a graph input", func() *pb.ModelProto {
			m := with(file(op("y = Add(x, w)")), zeros("w", 1))
			m.Graph.Input = append(m.Graph.Input, floatInput("w", 1))
			return m
		}(), "const %w float32[1] = {0}\n" + `%y = Add(%x, %w) "Y"`},
		{
			"empty tensors", with(file(op("y = Add(x, w)")), zeros("w", 0), zeros("w2", 0, 3)),
			"const %w float32[0] = {}\nconst %w2 float32[0,3] = {}\n" + `%y = Add(%x, %w) "Y"`,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := body(mustParse(t, test.m)); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// TestInitializerIsNoInput checks that an initializer is not also an input.
func TestInitializerIsNoInput(t *testing.T) {
	m := with(file(op("y = Add(x, w)")), zeros("w", 1))
	m.Graph.Input = append(m.Graph.Input, floatInput("w", 1))
	if g := mustParse(t, m); len(g.Inputs) != 1 || g.Value(g.Inputs[0]).Name != "x" {
		t.Errorf("graph inputs %v", g.Inputs)
	}
}

// TestLoadRefuses checks paths that are no files.
func TestLoadRefuses(t *testing.T) {
	dir := t.TempDir()
	_, err := Load(t.Context(), dir, Options{})
	wantError(t, err, "is a folder, not a file")
	_, err = Load(t.Context(), filepath.Join(dir, "missing.onnx"), Options{})
	wantError(t, err, "no such file")
	empty := filepath.Join(dir, "empty.onnx")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = Load(t.Context(), empty, Options{})
	wantError(t, err, "not an ONNX model")
}
