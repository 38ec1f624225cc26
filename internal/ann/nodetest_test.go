package ann_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"

	"google.golang.org/protobuf/proto"

	"ann2snn/importer"
	"ann2snn/internal/ann"
	"ann2snn/internal/pb"
	"ann2snn/ir"
	"ann2snn/ir/passes"
)

// nodeTest is one of ONNX's backend node tests: a model, inputs, and what the outputs
// must be.
type nodeTest struct {
	name string
	dir  string
	ops  []string // operators of the model's nodes, sorted, each once
}

// readNodeTest reads what the model's nodes are, whether we know them or not.
func readNodeTest(dir string) (nodeTest, error) {
	t := nodeTest{name: filepath.Base(dir), dir: dir}
	var m pb.ModelProto
	if err := readProto(filepath.Join(dir, "model.onnx"), &m); err != nil {
		return t, err
	}
	for _, n := range m.GetGraph().GetNode() {
		t.ops = append(t.ops, n.GetOpType())
	}
	slices.Sort(t.ops)
	t.ops = slices.Compact(t.ops)
	return t, nil
}

func readProto(file string, m proto.Message) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return proto.Unmarshal(data, m)
}

// run imports the model and computes it twice: node by node on constants, and as a
// compiled program after all passes. Both must give the expected outputs.
func (t nodeTest) run(ctx context.Context) error {
	protos, err := t.tensors("input")
	if err != nil {
		return err
	}
	want, err := importTensors(t.tensors("output"))
	if err != nil {
		return err
	}
	g, err := t.load(ctx, protos)
	if err != nil {
		return err
	}
	var data []*pb.TensorProto
	for i, p := range protos {
		if !t.isParameter(i, p) {
			data = append(data, p)
		}
	}
	inputs, err := importTensors(data, nil)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(g.Nodes, func(n ir.Node) bool { return passes.Decomposes(n.Op) }) {
		got, err := evalGraph(g, inputs)
		if err := errors.Join(err, compareTensors(want, got)); err != nil {
			return fmt.Errorf("node by node: %w", err)
		}
	}
	got, err := runGraph(ctx, g, inputs)
	if err := errors.Join(err, compareTensors(want, got)); err != nil {
		return fmt.Errorf("compiled: %w", err)
	}
	got, err = evalGraph(g, inputs)
	if err := errors.Join(err, compareTensors(want, got)); err != nil {
		return fmt.Errorf("node by node after all passes: %w", err)
	}
	return nil
}

// load imports the model. Parameters, such as axes and shapes, become constants. Models that declare an opset older than we read get the
// oldest that we do: the operators that they test did not change in between.
func (t nodeTest) load(ctx context.Context, inputs []*pb.TensorProto) (*ir.Graph, error) {
	var m pb.ModelProto
	if err := readProto(filepath.Join(t.dir, "model.onnx"), &m); err != nil {
		return nil, err
	}
	for _, set := range m.OpsetImport {
		set.Version = proto.Int64(max(set.GetVersion(), 7))
	}
	var kept []*pb.ValueInfoProto
	for i, v := range m.Graph.Input {
		if i >= len(inputs) || !t.isParameter(i, inputs[i]) {
			kept = append(kept, v)
			continue
		}
		inputs[i].Name = v.Name
		m.Graph.Initializer = append(m.Graph.Initializer, inputs[i])
	}
	m.Graph.Input = kept
	data, err := proto.Marshal(&m)
	if err != nil {
		return nil, err
	}
	g, err := importer.Parse(ctx, data, t.dir, importer.Options{})
	if err == nil {
		g.Batch = 0 // what the test expects is of all samples
	}
	return g, err
}

// isParameter reports whether input i is to be known when the model is imported: it is not
// of floats, or it is a list of scales.
func (t nodeTest) isParameter(i int, p *pb.TensorProto) bool {
	resizes := slices.Contains(t.ops, "Resize") || slices.Contains(t.ops, "Upsample")
	return !isFloat(p) || resizes && i > 0
}

func isFloat(p *pb.TensorProto) bool {
	switch pb.TensorProto_DataType(p.GetDataType()) {
	case pb.TensorProto_FLOAT, pb.TensorProto_DOUBLE, pb.TensorProto_FLOAT16, pb.TensorProto_BFLOAT16:
		return true
	}
	return false
}

// tensors reads the files of one kind, "input" or "output", in order.
func (t nodeTest) tensors(kind string) ([]*pb.TensorProto, error) {
	var list []*pb.TensorProto
	for i := 0; ; i++ {
		var p pb.TensorProto
		err := readProto(filepath.Join(t.dir, "test_data_set_0", fmt.Sprintf("%s_%d.pb", kind, i)), &p)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return list, nil
		case err != nil:
			return nil, fmt.Errorf("%s %d: %w", kind, i, err)
		}
		list = append(list, &p)
	}
}

func importTensors(protos []*pb.TensorProto, err error) ([]*ir.Tensor, error) {
	tensors := make([]*ir.Tensor, len(protos))
	for i, p := range protos {
		if err == nil {
			tensors[i], err = importTensor(p)
		}
	}
	return tensors, err
}

// importTensor has the importer read a tensor, as the constant of a small model.
func importTensor(p *pb.TensorProto) (*ir.Tensor, error) {
	p = proto.CloneOf(p)
	p.Name = proto.String("t")
	data, err := proto.Marshal(&pb.ModelProto{
		IrVersion:   proto.Int64(8),
		OpsetImport: []*pb.OperatorSetIdProto{{Version: proto.Int64(13)}},
		Graph: &pb.GraphProto{
			Name:        proto.String("g"),
			Node:        []*pb.NodeProto{{OpType: proto.String("Identity"), Input: []string{"t"}, Output: []string{"out"}}},
			Initializer: []*pb.TensorProto{p},
			Output:      []*pb.ValueInfoProto{{Name: proto.String("out")}},
		},
	})
	if err != nil {
		return nil, err
	}
	g, err := importer.Parse(context.Background(), data, ".", importer.Options{})
	if err != nil {
		return nil, err
	}
	id, _ := g.Lookup("t")
	return g.Type(id).Const, nil
}

// evalGraph computes g node by node on constants.
func evalGraph(g *ir.Graph, inputs []*ir.Tensor) ([]*ir.Tensor, error) {
	return evalReplacing(g, inputs, ir.None, nil)
}

// evalReplacing is evalGraph where one value is changed as soon as it is computed.
func evalReplacing(g *ir.Graph, inputs []*ir.Tensor, id ir.ValueID, replace func([]float32)) ([]*ir.Tensor, error) {
	values := make([]*ir.Tensor, len(g.Values))
	for i, v := range g.Values {
		values[i] = v.Type.Const
	}
	set := func(to ir.ValueID, t *ir.Tensor) {
		if to == id {
			t = ir.Floats(slices.Clone(t.F), t.Shape...)
			replace(t.F)
		}
		values[to] = t
	}
	for i, input := range g.Inputs {
		set(input, inputs[i])
	}
	for i, n := range g.Nodes {
		in := make([]*ir.Tensor, len(n.In))
		for j, from := range n.In {
			if from != ir.None {
				in[j] = values[from]
			}
		}
		out, err := ann.Eval(n.Op, in)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", g.Label(i), err)
		}
		for j, to := range n.Out {
			if to != ir.None {
				set(to, out[j])
			}
		}
	}
	out := make([]*ir.Tensor, len(g.Outputs))
	for i, from := range g.Outputs {
		out[i] = values[from]
	}
	return out, nil
}

// runGraph runs g after all passes.
func runGraph(ctx context.Context, g *ir.Graph, inputs []*ir.Tensor) ([]*ir.Tensor, error) {
	for i, id := range g.Inputs {
		g.Values[id].Type = ir.Of(inputs[i].DType, inputs[i].Shape...)
	}
	if err := passes.Run(ctx, g, nil); err != nil {
		return nil, err
	}
	p, err := ann.Compile(ctx, g, ann.Options{})
	if err != nil {
		return nil, err
	}
	return p.RunInputs(ctx, inputs, nil)
}

func compareTensors(want, got []*ir.Tensor) error {
	if len(got) != len(want) {
		return fmt.Errorf("got %d outputs, want %d", len(got), len(want))
	}
	for i := range want {
		if err := compareTensor(want[i], got[i]); err != nil {
			return fmt.Errorf("output %d: %w", i, err)
		}
	}
	return nil
}

func compareTensor(want, got *ir.Tensor) error {
	if want.DType != got.DType || !slices.Equal(want.Shape, got.Shape) {
		return fmt.Errorf("got %v %v, want %v %v", got.DType, got.Shape, want.DType, want.Shape)
	}
	if !slices.Equal(want.I, got.I) {
		return fmt.Errorf("got %v, want %v", got.I, want.I)
	}
	if !slices.Equal(want.B, got.B) {
		return fmt.Errorf("got %v, want %v", got.B, want.B)
	}
	tolerance := toleranceOf(want.Stored)
	for i, w := range want.F {
		if !near(float64(w), float64(got.F[i]), tolerance) {
			return fmt.Errorf("element %d is %v, want %v", i, got.F[i], w)
		}
	}
	return nil
}

// toleranceOf is the relative error allowed in a result that the test stores in an
// element type; we compute in float32 and do not round to narrower types.
func toleranceOf(stored string) float64 {
	switch stored {
	case "float16":
		return 1e-3
	case "bfloat16":
		return 1e-2
	}
	return 2e-6
}

// near compares with a relative and a small absolute error; NaN equals NaN.
func near(want, got, relative float64) bool {
	if math.IsNaN(want) || math.IsInf(want, 0) {
		return want == got || math.IsNaN(want) && math.IsNaN(got)
	}
	return math.Abs(got-want) <= relative*math.Abs(want)+1e-6
}
