package ann_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
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
	"Celu": func(r *rand.Rand) nodeCase {
		return nodeCase{op: "Celu", opset: 12, dims: []int64{1, 5}, attributes: []*pb.AttributeProto{float("alpha", 0.1+2*r.Float32())}}
	},
	"ConvTranspose": drawConvTranspose,
	"DepthToSpace": func(r *rand.Rand) nodeCase {
		b := int64(1 + r.IntN(3))
		c := nodeCase{op: "DepthToSpace", opset: 13, dims: []int64{1, b * b * int64(1+r.IntN(3)), int64(1 + r.IntN(4)), int64(1 + r.IntN(4))}}
		c.attributes = []*pb.AttributeProto{onnxfile.Int("blocksize", b)}
		if r.IntN(2) == 0 {
			c.attributes = append(c.attributes, text("mode", "CRD"))
		}
		return c
	},
	"GroupNormalization":    drawGroupNorm,
	"InstanceNormalization": drawInstanceNorm,
	"LayerNormalization":    drawLayerNorm,
	"Resize":                drawResize,
	"Selu": func(r *rand.Rand) nodeCase {
		c := nodeCase{op: "Selu", opset: 7, dims: []int64{1, 5}}
		if r.IntN(2) == 0 {
			c.attributes = []*pb.AttributeProto{float("alpha", 2*r.Float32()), float("gamma", 2*r.Float32())}
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

func drawConvTranspose(r *rand.Rand) nodeCase {
	n, group := 1+r.IntN(3), 1+r.IntN(2)
	in, out := int64(group*(1+r.IntN(2))), int64(1+r.IntN(3))
	c := nodeCase{op: "ConvTranspose", opset: 11, dims: []int64{1, in}}
	weight := []int64{in, out}
	var strides, dilations, begin, end, extra, shape []int64
	for range n {
		k, s, d, length := int64(1+r.IntN(4)), int64(1+r.IntN(3)), int64(1+r.IntN(2)), int64(1+r.IntN(4))
		full := s*(length-1) + d*(k-1) + 1
		c.dims, weight = append(c.dims, length), append(weight, k)
		strides, dilations = append(strides, s), append(dilations, d)
		begin, end = append(begin, r.Int64N((full+1)/2)), append(end, r.Int64N((full+1)/2))
		extra, shape = append(extra, r.Int64N(s)), append(shape, max(1, full-r.Int64N(3)+r.Int64N(s)))
	}
	pads := append(begin, end...)
	c.attributes = []*pb.AttributeProto{onnxfile.Int("group", int64(group)), onnxfile.Ints("strides", strides...), onnxfile.Ints("dilations", dilations...)}
	switch r.IntN(4) {
	case 0:
		c.attributes = append(c.attributes, onnxfile.Ints("pads", pads...), onnxfile.Ints("output_padding", extra...))
	case 1:
		c.attributes = append(c.attributes, onnxfile.Ints("output_shape", shape...))
	case 2:
		pad := pick(r, "SAME_UPPER", "SAME_LOWER")
		for i, s := range strides {
			if dilations[i]*(weight[2+i]-1)+1 < s { // ONNX Runtime's output is shorter than ONNX says
				pad = "VALID"
			}
		}
		c.attributes = append(c.attributes, text("auto_pad", pad))
	case 3:
		c.attributes = append(c.attributes, onnxfile.Ints("pads", pads...))
	}
	c.constants = []*pb.TensorProto{onnxfile.Floats("w", random(r, weight...), weight...)}
	if r.IntN(2) == 0 {
		c.constants = append(c.constants, onnxfile.Floats("b", random(r, out*int64(group)), out*int64(group)))
	}
	return c
}

// random returns numbers from -1 to 1 for a tensor.
func random(r *rand.Rand, dims ...int64) []float32 {
	n := int64(1)
	for _, d := range dims {
		n *= d
	}
	x := make([]float32, n)
	for i := range x {
		x[i] = 2*r.Float32() - 1
	}
	return x
}

func drawResize(r *rand.Rand) nodeCase {
	c := nodeCase{op: "Resize", opset: pick(r, int64(11), 13, 18, 19), dims: []int64{1, int64(1 + r.IntN(3)), int64(1 + r.IntN(6)), int64(1 + r.IntN(6))}}
	mode := pick(r, "nearest", "linear", "cubic")
	coordinates := pick(r, "half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric", "tf_crop_and_resize")
	switch r.IntN(4) {
	case 0:
		if c.opset == 11 && mode == "nearest" {
			coordinates = "tf_half_pixel_for_nn"
		}
		if c.opset >= 19 && mode != "nearest" { // ties would depend on the order of operations
			coordinates = "half_pixel_symmetric"
		}
	case 1:
		c.opset, coordinates, mode = 10, "asymmetric", pick(r, "nearest", "linear")
	}
	c.attributes = []*pb.AttributeProto{text("mode", mode)}
	roi, lists := []float32{0, 0, 0.125, -0.25, 1, 1, 0.75, 1.25}, 4
	if c.opset > 10 {
		c.attributes = append(c.attributes, text("coordinate_transformation_mode", coordinates),
			text("nearest_mode", pick(r, "round_prefer_floor", "round_prefer_ceil", "floor", "ceil")))
		if mode == "cubic" {
			c.attributes = append(c.attributes, onnxfile.Int("exclude_outside", int64(r.IntN(2))), float("cubic_coeff_a", pick[float32](r, -0.5, -0.75)))
		}
		if coordinates == "tf_crop_and_resize" {
			c.attributes = append(c.attributes, float("extrapolation_value", pick[float32](r, 0, 2.5)))
		}
	}
	if c.opset >= 18 && r.IntN(2) == 0 {
		c.attributes = append(c.attributes, onnxfile.Ints("axes", 2, 3))
		roi, lists = []float32{0.125, -0.25, 0.75, 1.25}, 2
	}
	if c.opset > 10 {
		c.constants = []*pb.TensorProto{onnxfile.Floats("roi", roi, int64(len(roi)))}
	}
	// ONNX's own tests take the fraction of a length as the length of align_corners, ONNX
	// Runtime what is left of it; whole lengths are the same to both.
	if c.opset > 10 && (coordinates == "align_corners" || r.IntN(2) == 0) {
		sizes := []int64{1, c.dims[1], c.dims[2] + int64(1+r.IntN(9)), c.dims[3] + int64(1+r.IntN(9))}
		if r.IntN(2) == 0 {
			sizes[3] = max(1, c.dims[3]-1)
		}
		if coordinates == "tf_crop_and_resize" {
			sizes[3] = c.dims[3] + 2
		}
		if c.opset >= 18 && lists == 2 && coordinates != "align_corners" {
			sizes[3] = c.dims[3] + int64(1+r.IntN(9)) // no length may be rounded to 0
			c.attributes = append(c.attributes, text("keep_aspect_ratio_policy", pick(r, "stretch", "not_larger", "not_smaller")))
		}
		c.constants = append(c.constants, onnxfile.Floats("scales", nil, 0), onnxfile.Int64s("sizes", sizes[4-lists:], int64(lists)))
		return c
	}
	scales := []float32{1, 1, 2, 3}
	for k := range scales[2:] {
		scale := pick[float32](r, 0.5, 0.6, 0.8, 1, 1.3, 1.7, 2, 3, 4)
		length := int64(scale * float32(c.dims[2+k]))
		// ONNX Runtime copies what keeps its length, whatever else is asked for.
		if length > 0 && length != c.dims[2+k] || scale == 1 && coordinates != "tf_crop_and_resize" {
			scales[2+k] = scale
		}
	}
	c.constants = append(c.constants, onnxfile.Floats("scales", scales[4-lists:], int64(lists)))
	return c
}

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

func float(name string, value float32) *pb.AttributeProto {
	return &pb.AttributeProto{Name: proto.String(name), Type: pb.AttributeProto_FLOAT.Enum(), F: proto.Float32(value)}
}

func text(name, value string) *pb.AttributeProto {
	return &pb.AttributeProto{Name: proto.String(name), Type: pb.AttributeProto_STRING.Enum(), S: []byte(value)}
}

// TestDecomposedAgainstONNXRuntime compares random nodes of every operator that decomposes.
func TestDecomposedAgainstONNXRuntime(t *testing.T) {
	testutil.ORT(t, ort.Node)
	const each = 100
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
			t.Errorf("%v: element %d is %v, want %v\ngot  %v\nwant %v", c, k, got[k], w, got, want)
			return
		}
	}
}

// String describes the node for messages.
func (c nodeCase) String() string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s(%d) of %v", c.op, c.opset, c.dims)
	for _, t := range c.constants {
		w, err := importTensor(t)
		if err != nil {
			return err.Error()
		}
		fmt.Fprint(&s, " ", w.F, w.I)
	}
	for _, a := range c.attributes {
		fmt.Fprintf(&s, " {%v}", a)
	}
	return s.String()
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
		err = passes.Run(t.Context(), graph, nil)
	}
	if err != nil {
		t.Fatalf("%v: %v", c, err)
	}
	if slices.ContainsFunc(graph.Nodes, func(n ir.Node) bool { return passes.Decomposes(n.Op) }) {
		t.Fatalf("%v is not decomposed", c)
	}
	p := compile(t, graph, ann.Options{})
	job.Inputs = [][]float32{random(r, c.dims...)}
	return job, p
}
