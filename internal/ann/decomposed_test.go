package ann_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	"ann2snn/importer"
	"ann2snn/internal/ann"
	"ann2snn/internal/onnxfile"
	"ann2snn/internal/ort"
	"ann2snn/internal/pb"
	"ann2snn/internal/testutil"
	"ann2snn/ir"
	"ann2snn/ir/passes"
)

// A nodeCase is a node of an input [1,C,...] and constants.
type nodeCase struct {
	op         string
	opset      int64
	dims       []int64
	constants  []*pb.TensorProto // the inputs after the first; nil where one is absent
	attributes []*pb.AttributeProto
}

// nodeDrawers draw nodes of the operators that decompose.
var nodeDrawers = map[string]func(r *rand.Rand) nodeCase{
	"DepthToSpace": func(r *rand.Rand) nodeCase {
		b := int64(1 + r.IntN(3))
		c := nodeCase{op: "DepthToSpace", opset: 13, dims: []int64{1, b * b * int64(1+r.IntN(3)), int64(1 + r.IntN(4)), int64(1 + r.IntN(4))}}
		c.attributes = []*pb.AttributeProto{onnxfile.Int("blocksize", b)}
		if r.IntN(2) == 0 {
			c.attributes = append(c.attributes, text("mode", "CRD"))
		}
		return c
	},
	"SpaceToDepth": func(r *rand.Rand) nodeCase {
		b := int64(1 + r.IntN(3))
		return nodeCase{
			op: "SpaceToDepth", opset: 13, dims: []int64{1, int64(1 + r.IntN(3)), b * int64(1+r.IntN(4)), b * int64(1+r.IntN(4))},
			attributes: []*pb.AttributeProto{onnxfile.Int("blocksize", b)},
		}
	},
}

func text(name, value string) *pb.AttributeProto {
	return &pb.AttributeProto{Name: proto.String(name), Type: pb.AttributeProto_STRING.Enum(), S: []byte(value)}
}

// TestDecomposedAgainstONNXRuntime compares random nodes of every operator that decomposes.
func TestDecomposedAgainstONNXRuntime(t *testing.T) {
	testutil.ORT(t, ort.Node)
	const each = 60
	for _, op := range ir.Ops() {
		if !passes.Decomposes(op) {
			continue
		}
		draw := nodeDrawers[op.Kind()]
		if draw == nil {
			t.Errorf("no nodes of %s are drawn", op.Kind())
			continue
		}
		t.Run(op.Kind(), func(t *testing.T) {
			r := rand.New(rand.NewPCG(11, uint64(len(op.Kind()))))
			cases, jobs := make([]nodeCase, each), make([]ort.Job, each)
			programs := make([]*ann.Program, each)
			for i := range cases {
				cases[i] = draw(r)
				jobs[i], programs[i] = cases[i].prepare(t, r, i)
			}
			answers, err := ort.Run(t.Context(), ort.Node, jobs...)
			if err != nil {
				t.Fatal(err)
			}
			for i, p := range programs {
				got, err := p.Run(t.Context(), jobs[i].Inputs[0], nil)
				if err != nil {
					t.Fatal(err)
				}
				compareAnswers(t, cases[i], answers[i][0][0], got)
			}
		})
	}
}

func compareAnswers(t *testing.T, c nodeCase, want []float64, got []float32) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%v: %d elements, want %d", c, len(got), len(want))
		return
	}
	for k, w := range want {
		if math.Abs(float64(got[k])-w) > 2e-5*max(1, math.Abs(w)) {
			t.Errorf("%v: element %d is %v, want %v", c, k, got[k], w)
			return
		}
	}
}

// String describes the node for messages.
func (c nodeCase) String() string {
	s := fmt.Sprintf("%s(%d) of %v", c.op, c.opset, c.dims)
	for _, t := range c.constants {
		s += fmt.Sprintf(" [%v %v %v]", t.GetDims(), t.GetFloatData(), t.GetInt64Data())
	}
	for _, a := range c.attributes {
		s += fmt.Sprintf(" %s=%v%v%s%v", a.GetName(), a.Ints, a.GetI(), a.GetS(), a.GetF())
	}
	return s
}

// prepare writes the model of the node and compiles it.
func (c nodeCase) prepare(t *testing.T, r *rand.Rand, i int) (ort.Job, *ann.Program) {
	t.Helper()
	g := onnxfile.New("node")
	in := []string{g.Input("x", pb.TensorProto_FLOAT, c.dims...)}
	for k, constant := range c.constants {
		if constant == nil {
			in = append(in, "")
			continue
		}
		constant.Name = proto.String(fmt.Sprint("c", k))
		in = append(in, g.Constant(constant))
	}
	g.Output(g.Node("y", c.op, in, c.attributes...), pb.TensorProto_FLOAT)
	m := g.Model("test")
	m.OpsetImport[0].Version = proto.Int64(c.opset)
	m.Graph.Output[0].Type.GetTensorType().Shape = nil
	data, err := onnxfile.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	job := ort.Job{File: filepath.Join(t.TempDir(), fmt.Sprintf("%d.onnx", i)), Dims: c.dims}
	if err := os.WriteFile(job.File, data, 0o644); err != nil {
		t.Fatal(err)
	}
	graph, err := importer.Parse(t.Context(), data, "", importer.Options{})
	if err == nil {
		_, err = passes.Run(graph, nil)
	}
	if err != nil {
		t.Fatalf("%v: %v", c, err)
	}
	if slices.ContainsFunc(graph.Nodes, func(n ir.Node) bool { return passes.Decomposes(n.Op) }) {
		t.Fatalf("%v is not decomposed", c)
	}
	p := compile(t, graph, ann.Options{})
	x := make([]float32, p.InLen())
	for k := range x {
		x[k] = 2*r.Float32() - 1
	}
	job.Inputs = [][]float32{x}
	return job, p
}
