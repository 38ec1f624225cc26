//go:build unix

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	goruntime "runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"google.golang.org/protobuf/proto"

	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
	"ann2snn/internal/testutil"
	"ann2snn/snn"
)

// lists are files with a list of n of something: all lists that the formats have. Some of them
// are refused; that must not take longer either.
var lists = map[string]func(t *testing.T, n int) []byte{
	"nodes.onnx": modelOf(func(g *pb.GraphProto, n int) { chain(g, n) }),
	"reversed.onnx": modelOf(func(g *pb.GraphProto, n int) {
		chain(g, n)
		slices.Reverse(g.Node)
	}),
	"unsupported.onnx": modelOf(func(g *pb.GraphProto, n int) {
		for _, node := range chain(g, n) {
			node.OpType = proto.String("Nonsense")
		}
	}),
	"nameless.onnx": modelOf(func(g *pb.GraphProto, n int) {
		for _, node := range chain(g, n) {
			node.Name = nil
		}
	}),
	"namesakes.onnx": modelOf(func(g *pb.GraphProto, n int) { // nodes that need new names for what was an attribute
		for i, node := range chain(g, n) {
			node.Name, node.OpType = proto.String("x"), proto.String("Dropout")
			if i%2 == 0 {
				node.OpType = proto.String("Sum")
				node.Input = append(node.Input, node.Input[0], node.Input[0])
			}
		}
	}),
	"outputs.onnx": modelOf(func(g *pb.GraphProto, n int) {
		for _, node := range chain(g, n) {
			node.Input = []string{"x"}
			g.Output = append(g.Output, &pb.ValueInfoProto{Name: &node.Output[0]})
		}
		g.Output = g.Output[1:]
	}),
	"inputs.onnx": modelOf(func(g *pb.GraphProto, n int) {
		chain(g, 1)
		for i := range n {
			g.Input = append(g.Input, onnxInput(fmt.Sprint("in", i), 1, 4))
		}
	}),
	"value_info.onnx": modelOf(func(g *pb.GraphProto, n int) {
		for _, node := range chain(g, n) {
			g.ValueInfo = append(g.ValueInfo, onnxInput(node.Output[0], 1, 4))
		}
	}),
	"initializers.onnx": modelOf(func(g *pb.GraphProto, n int) {
		for i, node := range chain(g, n) {
			weight(g, i, 4)
			node.OpType, node.Input = proto.String("Add"), append(node.Input, fmt.Sprint("w", i))
		}
	}),
	"unread.onnx": modelOf(func(g *pb.GraphProto, n int) {
		chain(g, 1)
		for i := range n {
			weight(g, i, 4)
		}
	}),
	"initializers_as_inputs.onnx": modelOf(func(g *pb.GraphProto, n int) {
		chain(g, 1)
		for i := range n {
			weight(g, i, 4)
			g.Input = append(g.Input, onnxInput(fmt.Sprint("w", i), 4))
		}
	}),
	"constants.onnx": modelOf(func(g *pb.GraphProto, n int) {
		weight(g, 0, 4)
		chain(g, n)[0].Input = []string{"w0"} // all of it is folded
	}),
	"sum.onnx": modelOf(func(g *pb.GraphProto, n int) {
		node := chain(g, 1)[0]
		node.OpType, node.Input = proto.String("Sum"), slices.Repeat([]string{"x"}, n)
	}),
	"taken.onnx": modelOf(func(g *pb.GraphProto, n int) { // the names that a sum asks for are taken
		node := chain(g, 1)[0]
		node.OpType, node.Input = proto.String("Sum"), slices.Repeat([]string{"x"}, n)
		for i := range n {
			weight(g, i, 4)
			g.Initializer[i].Name = proto.String(fmt.Sprintf("Relu0/Add_%d", i))
		}
	}),
	"concat.onnx": modelOf(func(g *pb.GraphProto, n int) {
		node := chain(g, 1)[0]
		node.OpType, node.Input = proto.String("Concat"), slices.Repeat([]string{"x"}, n)
		node.Attribute = append(node.Attribute, onnxfile.Int("axis", 1))
	}),
	"split.onnx": modelOf(func(g *pb.GraphProto, n int) {
		node := chain(g, 1)[0]
		g.Input[0] = onnxInput("x", 1, int64(n))
		node.OpType, node.Output = proto.String("Split"), nil
		for i := range n {
			node.Output = append(node.Output, fmt.Sprint("part", i))
		}
		node.Attribute = append(node.Attribute, onnxfile.Int("axis", 1))
		g.Output[0].Name = &node.Output[0]
	}),
	"cut_and_joined.onnx": modelOf(func(g *pb.GraphProto, n int) {
		g.Input[0] = onnxInput("x", 1, int64(n))
		axis := onnxfile.Int("axis", 1)
		cut := onnxfile.Node("cut", "Split", []string{"x"}, "", axis)
		cut.Output = nil
		for i := range n {
			cut.Output = append(cut.Output, fmt.Sprint("part", i))
		}
		g.Node = []*pb.NodeProto{cut, onnxfile.Node("joined", "Concat", cut.Output, "y", axis)}
		g.Output = []*pb.ValueInfoProto{{Name: proto.String("y")}}
	}),
	"attributes.onnx": modelOf(func(g *pb.GraphProto, n int) {
		node := chain(g, 1)[0]
		for i := range n {
			node.Attribute = append(node.Attribute, onnxfile.Int(fmt.Sprint("a", i), 1))
		}
	}),
	"long_attribute.onnx": modelOf(func(g *pb.GraphProto, n int) {
		node := chain(g, 1)[0]
		node.OpType = proto.String("Transpose")
		node.Attribute = append(node.Attribute, onnxfile.Ints("perm", make([]int64, n)...))
	}),
	"dimensions_of_input.onnx": modelOf(func(g *pb.GraphProto, n int) {
		chain(g, 1)
		g.Input[0] = onnxInput("x", slices.Repeat([]int64{1}, n)...)
	}),
	"dimensions_of_initializer.onnx": modelOf(func(g *pb.GraphProto, n int) {
		chain(g, 1)
		weight(g, 0, slices.Repeat([]int64{1}, n)...)
	}),
	"reshape.onnx": modelOf(func(g *pb.GraphProto, n int) {
		node := chain(g, 1)[0]
		node.OpType, node.Input = proto.String("Reshape"), append(node.Input, "shape")
		g.Initializer = append(g.Initializer, onnxfile.Int64s("shape", slices.Repeat([]int64{1}, n), int64(n)))
	}),
	"elements.onnx": modelOf(func(g *pb.GraphProto, n int) {
		node := chain(g, 1)[0]
		g.Input[0] = onnxInput("x", 1, int64(n))
		weight(g, 0, int64(n))
		node.OpType, node.Input = proto.String("Add"), append(node.Input, "w0")
	}),
	"opsets.onnx": func(t *testing.T, n int) []byte {
		t.Helper()
		m := small()
		for i := range n {
			m.OpsetImport = append(m.OpsetImport, &pb.OperatorSetIdProto{Domain: proto.String(fmt.Sprint("d", i)), Version: proto.Int64(1)})
		}
		return encoded(t, m)
	},
	"functions.onnx": func(t *testing.T, n int) []byte {
		t.Helper()
		m := small()
		for i := range n {
			m.Functions = append(m.Functions, &pb.FunctionProto{Name: proto.String(fmt.Sprint("f", i)), Domain: proto.String("d")})
		}
		return encoded(t, m)
	},
	"metadata.onnx": func(t *testing.T, n int) []byte {
		t.Helper()
		m := small()
		for i := range n {
			m.MetadataProps = append(m.MetadataProps, &pb.StringStringEntryProto{Key: proto.String(fmt.Sprint("k", i)), Value: proto.String("v")})
		}
		return encoded(t, m)
	},
	"layers.snn": networkOf(func(n *snn.Network, count int) {
		for i := range count {
			n.Layers = append(n.Layers, snn.Layer{
				Name: fmt.Sprint("l", i), Op: snn.Gather{Index: []int32{0, 1}}, In: []int{i}, Shape: n.Layers[0].Shape, Scale: n.Layers[0].Scale,
			})
		}
		n.Output = count
	}),
	"neurons.snn": networkOf(func(n *snn.Network, count int) {
		for i := range count {
			n.Layers = append(n.Layers, snn.Layer{
				Name: fmt.Sprint("l", i), Shape: snn.Shape{H: 1, W: 1, C: 2}, In: []int{i}, Scale: []float32{1}, Unit: []float32{1, 1},
				Op:     snn.Dense{W: snn.Weights{Q: []int8{1, 0, 0, 1}, IntBias: []int32{0, 0}}},
				Neuron: &snn.Neuron{Format: snn.Format{M: 4}, Threshold: []float32{1, 1}, IntThreshold: []int32{1, 1}},
			})
		}
		n.Output = count
	}),
	"inputs.snn": networkOf(func(n *snn.Network, count int) {
		shape := snn.Shape{H: 1, W: 1, C: 2 * count}
		n.Layers = append(n.Layers, snn.Layer{Name: "c", Op: snn.Concat{}, In: make([]int, count), Shape: shape, Scale: n.Layers[0].Scale})
		n.Output = 1
	}),
	"labels.snn": networkOf(func(n *snn.Network, count int) {
		n.Layers[0].Shape.C = count
		for i := range count {
			n.Meta.Labels = append(n.Meta.Labels, fmt.Sprint("label", i))
		}
	}),
	"channels.snn": networkOf(func(n *snn.Network, count int) {
		n.Layers[0].Shape.C, n.Layers[0].Scale = count, slices.Repeat([]float32{1}, count)
	}),
}

// modelOf returns a builder of a model with input x [1,4], to which build adds the rest.
func modelOf(build func(g *pb.GraphProto, n int)) func(*testing.T, int) []byte {
	return func(t *testing.T, n int) []byte {
		t.Helper()
		m := &pb.ModelProto{
			IrVersion: proto.Int64(onnxfile.IRVersion), Graph: &pb.GraphProto{Input: []*pb.ValueInfoProto{onnxInput("x", 1, 4)}},
			OpsetImport: []*pb.OperatorSetIdProto{{Version: proto.Int64(onnxfile.Opset)}},
		}
		build(m.Graph, n)
		return encoded(t, m)
	}
}

func small() *pb.ModelProto {
	g := onnxfile.New("g")
	g.Output(g.Node("r", "Relu", []string{g.Input("x", pb.TensorProto_FLOAT, 1, 4)}), pb.TensorProto_FLOAT, 1, 4)
	return g.Model("test")
}

func encoded(t *testing.T, m *pb.ModelProto) []byte {
	t.Helper()
	b, err := onnxfile.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// chain adds n nodes, each of which reads the one before it; the last one is the output.
func chain(g *pb.GraphProto, n int) []*pb.NodeProto {
	last := "x"
	for i := range n {
		name := fmt.Sprint("Relu", i)
		g.Node = append(g.Node, onnxfile.Node(name, "Relu", []string{last}, name))
		last = name
	}
	g.Output = []*pb.ValueInfoProto{{Name: &last}}
	return g.Node
}

func onnxInput(name string, dims ...int64) *pb.ValueInfoProto {
	g := onnxfile.New("g")
	g.Input(name, pb.TensorProto_FLOAT, dims...)
	return g.Model("").Graph.Input[0]
}

// weight adds initializer wI.
func weight(g *pb.GraphProto, i int, dims ...int64) {
	n := int64(1)
	for _, d := range dims {
		n *= d
	}
	g.Initializer = append(g.Initializer, onnxfile.Tensor(fmt.Sprint("w", i), pb.TensorProto_FLOAT, make([]byte, 4*n), dims...))
}

// networkOf returns a builder of a network with an input of two channels.
func networkOf(build func(n *snn.Network, count int)) func(*testing.T, int) []byte {
	return func(t *testing.T, count int) []byte {
		t.Helper()
		n := &snn.Network{Steps: 1, Restim: snn.RestimNone, Rho: 1, Integer: true, Layers: []snn.Layer{
			{Name: "x", Op: snn.Input{Levels: 15}, Shape: snn.Shape{H: 1, W: 1, C: 2}, Scale: []float32{1}},
		}}
		build(n, count)
		var b bytes.Buffer
		if err := snn.Encode(&b, n); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
}

// work is what a call takes: of memory, counting what it gives back, and of the
// processor, which does not depend on what else the machine does.
type work struct {
	bytes, nanoseconds int64
	says               string
}

// workOf makes a call.
func workOf(t *testing.T, args ...string) work {
	t.Helper()
	var stdout, stderr bytes.Buffer
	var memory goruntime.MemStats
	now := func() work {
		var usage syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
			t.Fatal(err)
		}
		goruntime.ReadMemStats(&memory)
		return work{bytes: int64(memory.TotalAlloc), nanoseconds: syscall.TimevalToNsec(usage.Utime)}
	}
	goruntime.GC()
	before := now()
	run(args, nil, &stdout, &stderr)
	after := now()
	return work{after.bytes - before.bytes, after.nanoseconds - before.nanoseconds, stderr.String()}
}

// TestWorkGrowsWithTheFile: ten times the list takes ten times the work. What memory it takes is
// exact to a few per cent; of time, the bound lies between ten times and the hundred of quadratic
// work.
func TestWorkGrowsWithTheFile(t *testing.T) {
	if testutil.Race {
		t.Skip("the race detector takes time and memory of its own, which this test would count")
	}
	const few = 100
	for name, build := range lists {
		t.Run(name, func(t *testing.T) {
			var paths []string
			for i := range 3 {
				paths = append(paths, filepath.Join(t.TempDir(), name))
				if err := os.WriteFile(paths[i], build(t, few*pow10(i)), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			staysLinear(t, func(i int) work { return workOf(t, "inspect", paths[i]) })
		})
	}
}

// pow10 is ten to the power of a small number.
func pow10(n int) int { return [...]int{1, 10, 100, 1000}[n] }

// staysLinear does three works, of which each has a list ten times as long as the one before.
func staysLinear(t *testing.T, do func(i int) work) {
	t.Helper()
	const times, slack, timeSlack = 10, 1.5, 3
	do(0) // what is made once
	a, b, c := do(0), do(1), do(2)
	t.Logf("%d, %d, %d bytes, %.0f, %.0f, %.0f ms; %.100s", a.bytes, b.bytes, c.bytes,
		float64(a.nanoseconds)/1e6, float64(b.nanoseconds)/1e6, float64(c.nanoseconds)/1e6, strings.TrimSpace(c.says))
	const fixed = 1 << 20 // what grows by steps
	if grown, most := float64(c.bytes-b.bytes), slack*times*float64(max(0, b.bytes-a.bytes))+fixed; grown > most {
		t.Errorf("the longest list takes %.0f bytes more, beyond %.0f", grown, most)
	}
	const measurable = 5e6
	for range 3 {
		if c.nanoseconds <= int64(timeSlack*times*max(float64(b.nanoseconds), measurable)) {
			return
		}
		b.nanoseconds = max(b.nanoseconds, do(1).nanoseconds)
		c.nanoseconds = min(c.nanoseconds, do(2).nanoseconds)
	}
	t.Errorf("a tenth of the list takes %d ms, the whole one %d ms", b.nanoseconds/1e6, c.nanoseconds/1e6)
}
