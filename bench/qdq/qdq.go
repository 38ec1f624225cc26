// Package qdq quantises ONNX networks to int8 in the QDQ form (QuantizeLinear and
// DequantizeLinear around float operators), which ONNX Runtime fuses to integer kernels:
// the reference that multi-bit spikes compete with.
//
// Activations are u8 per tensor, weights s8 per output channel and symmetric, biases
// int32 with the scale of their products. Ranges come from the caller.
package qdq

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"google.golang.org/protobuf/proto"

	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
)

// Range is the range of a value's elements.
type Range struct{ Min, Max float32 }

// quantised lists the operators that run on integers.
var quantised = []string{
	"Conv", "Gemm", "Add", "Relu", "Clip", "MaxPool", "AveragePool", "GlobalAveragePool", "Flatten", "Reshape", "Concat", "Slice", "Pad",
}

// keepsRange lists the operators whose output has the scale of their input.
var keepsRange = []string{"MaxPool", "Flatten", "Reshape", "Slice", "Pad"}

// writer rewrites a graph.
type writer struct {
	graph     *pb.GraphProto
	ranges    map[string]Range
	readers   map[string][]*pb.NodeProto
	constants map[string]*pb.TensorProto
	nodes     []*pb.NodeProto
	names     map[string]string // of values, after quantising and back
	scales    map[string]float32
	running   map[string]bool // values that come from the input
}

// Quantise returns the QDQ form of m, which it leaves alone. ranges holds every value
// that operators on integers read or write, by name.
func Quantise(m *pb.ModelProto, ranges map[string]Range) (*pb.ModelProto, error) {
	m = proto.CloneOf(m)
	w := &writer{
		graph: m.GetGraph(), ranges: ranges,
		readers: map[string][]*pb.NodeProto{}, constants: map[string]*pb.TensorProto{},
		names: map[string]string{}, scales: map[string]float32{}, running: map[string]bool{},
	}
	for _, n := range w.graph.GetNode() {
		for _, in := range n.GetInput() {
			w.readers[in] = append(w.readers[in], n)
		}
	}
	for _, t := range w.graph.GetInitializer() {
		w.constants[t.GetName()] = t
	}
	w.running[w.graph.GetInput()[0].GetName()] = true
	if err := w.activation(w.graph.GetInput()[0].GetName(), ""); err != nil {
		return nil, err
	}
	for _, n := range w.graph.GetNode() {
		if err := w.node(n); err != nil {
			return nil, fmt.Errorf("qdq: node %q: %w", n.GetName(), err)
		}
	}
	w.graph.Node = w.nodes
	return m, nil
}

// node copies a node, reading what was quantised.
func (w *writer) node(n *pb.NodeProto) error {
	op := n.GetOpType()
	if len(n.GetInput()) == 0 || !w.running[n.GetInput()[0]] || !slices.Contains(quantised, op) {
		w.nodes = append(w.nodes, n)
		return nil
	}
	w.running[n.GetOutput()[0]] = true
	weighted := (op == "Conv" || op == "Gemm") && w.constants[n.GetInput()[1]] != nil
	if weighted {
		if err := w.parameters(n); err != nil {
			return err
		}
	}
	original := n.GetInput()[0]
	for i, in := range n.GetInput() {
		if name, ok := w.names[in]; ok {
			n.Input[i] = name
		}
	}
	w.nodes = append(w.nodes, n)
	if w.isOutput(n.GetOutput()[0]) {
		return nil
	}
	same := ""
	if slices.Contains(keepsRange, op) {
		same = original
	}
	return w.activation(n.GetOutput()[0], same)
}

func (w *writer) isOutput(name string) bool { return w.graph.GetOutput()[0].GetName() == name }

// activation quantises a value to u8. It leaves a value that only an activation function
// reads: the bounds of that function are those of the integers. same names a value whose
// scale it takes.
func (w *writer) activation(name, same string) error {
	if r := w.readers[name]; len(r) == 1 && (r[0].GetOpType() == "Relu" || r[0].GetOpType() == "Clip") {
		return nil
	}
	scaleName, zeroName := w.names[same+"_scale"], w.names[same+"_zero"]
	scale, ok := w.scales[same]
	if !ok {
		r, known := w.ranges[name]
		if !known {
			return fmt.Errorf("the range of %q is not known", name)
		}
		low, high := min(0, float64(r.Min)), max(0, float64(r.Max))
		scale = float32(max(high-low, 1e-6) / 255)
		scaleName, zeroName = name+"_scale", name+"_zero"
		w.floats(scaleName, []float32{scale})
		w.constant(zeroName, pb.TensorProto_UINT8, []byte{uint8(math.Round(-low / float64(scale)))})
	}
	w.scales[name] = scale
	w.names[name+"_scale"], w.names[name+"_zero"] = scaleName, zeroName
	w.names[name] = w.roundTrip(name, scaleName, zeroName)
	return nil
}

// roundTrip adds the pair of nodes that quantise a value and turn it back.
func (w *writer) roundTrip(name, scale, zero string) string {
	w.nodes = append(w.nodes,
		onnxfile.Node(name+"_q", "QuantizeLinear", []string{name, scale, zero}, name+"_u8"),
		onnxfile.Node(name+"_dq", "DequantizeLinear", []string{name + "_u8", scale, zero}, name+"_f32"))
	return name + "_f32"
}

// parameters puts the weights and the bias of a node on integers.
func (w *writer) parameters(n *pb.NodeProto) error {
	t := w.constants[n.GetInput()[1]]
	rows := int(t.GetDims()[0])
	values, err := floats(t)
	if err != nil {
		return err
	}
	fan := len(values) / rows
	in := w.scales[n.GetInput()[0]]
	scales, products := make([]float32, rows), make([]float32, rows)
	levels := make([]byte, len(values))
	for r := range rows {
		row := values[r*fan:][:fan]
		most := max(slices.Max(row), -slices.Min(row), 1e-12)
		scales[r] = most / 127
		products[r] = in * scales[r] // in float32: ONNX Runtime asks for the very number
		for i, x := range row {
			levels[r*fan+i] = byte(int8(math.Round(float64(x) / float64(scales[r]))))
		}
	}
	name := n.GetOutput()[0]
	n.Input[1] = w.dequantised(name+"_w", pb.TensorProto_INT8, levels, t.GetDims(), scales)
	if len(n.GetInput()) < 3 {
		return nil
	}
	bias, err := floats(w.constants[n.GetInput()[2]])
	if err != nil {
		return err
	}
	var raw []byte
	for r, x := range bias {
		level := math.Round(float64(x) / float64(products[r]))
		raw = binary.LittleEndian.AppendUint32(raw, uint32(int32(max(math.MinInt32, min(level, math.MaxInt32)))))
	}
	n.Input[2] = w.dequantised(name+"_b", pb.TensorProto_INT32, raw, []int64{int64(rows)}, products)
	return nil
}

// dequantised adds constants with a scale per row, and the node that turns them back.
func (w *writer) dequantised(name string, kind pb.TensorProto_DataType, raw []byte, dims []int64, scales []float32) string {
	w.constant(name, kind, raw, dims...)
	w.floats(name+"_scale", scales, int64(len(scales)))
	width := map[pb.TensorProto_DataType]int{pb.TensorProto_INT8: 1, pb.TensorProto_INT32: 4}[kind]
	w.constant(name+"_zero", kind, make([]byte, width*len(scales)), int64(len(scales)))
	in := []string{name, name + "_scale", name + "_zero"}
	w.nodes = append(w.nodes, onnxfile.Node(name+"_dq", "DequantizeLinear", in, name+"_f32", onnxfile.Int("axis", 0)))
	return name + "_f32"
}

func (w *writer) constant(name string, kind pb.TensorProto_DataType, raw []byte, dims ...int64) {
	w.graph.Initializer = append(w.graph.Initializer, onnxfile.Tensor(name, kind, raw, dims...))
}

func (w *writer) floats(name string, values []float32, dims ...int64) {
	w.graph.Initializer = append(w.graph.Initializer, onnxfile.Floats(name, values, dims...))
}

// floats returns the elements of a float32 tensor.
func floats(t *pb.TensorProto) ([]float32, error) {
	if t.GetDataType() != int32(pb.TensorProto_FLOAT) {
		return nil, fmt.Errorf("%q is not a constant of float32", t.GetName())
	}
	if len(t.GetFloatData()) > 0 {
		return t.GetFloatData(), nil
	}
	values := make([]float32, len(t.GetRawData())/4)
	for i := range values {
		values[i] = math.Float32frombits(binary.LittleEndian.Uint32(t.GetRawData()[4*i:]))
	}
	return values, nil
}
