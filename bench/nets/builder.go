package nets

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"

	"google.golang.org/protobuf/proto"

	"ann2snn/internal/pb"
)

// Versions of the format that are written.
const (
	irVersion = 8
	opset     = 13
)

// value is a tensor in a network under construction: channels x height x width.
type value struct {
	name    string
	c, h, w int
}

// builder writes a network node by node, with random weights.
type builder struct {
	graph *pb.GraphProto
	rand  *rand.Rand
	macs  int64
}

func newBuilder(name string, seed uint64) *builder {
	return &builder{
		graph: &pb.GraphProto{Name: proto.String(name)},
		rand:  rand.New(rand.NewPCG(seed, 0)),
	}
}

// input adds the input, 3 x 224 x 224.
func (b *builder) input() value {
	v := value{"input", 3, 224, 224}
	b.graph.Input = append(b.graph.Input, info(v.name, 1, 3, 224, 224))
	return v
}

// network finishes with the output.
func (b *builder) network(out value) *Network {
	b.graph.Output = append(b.graph.Output, info(out.name, 1, int64(out.c)))
	return &Network{MACs: b.macs, Model: &pb.ModelProto{
		IrVersion:    proto.Int64(irVersion),
		ProducerName: proto.String("ann2snn bench"),
		Graph:        b.graph,
		OpsetImport:  []*pb.OperatorSetIdProto{{Domain: proto.String(""), Version: proto.Int64(opset)}},
	}}
}

// node adds a node with one output and returns its name.
func (b *builder) node(op string, in []string, attributes ...*pb.AttributeProto) string {
	name := fmt.Sprintf("%s_%d", op, len(b.graph.Node))
	b.graph.Node = append(b.graph.Node, &pb.NodeProto{
		OpType: proto.String(op), Name: proto.String(name), Input: in, Output: []string{name}, Attribute: attributes,
	})
	return name
}

// weights adds normally distributed weights of the given deviation.
func (b *builder) weights(deviation float64, dims ...int64) string {
	n := int64(1)
	for _, d := range dims {
		n *= d
	}
	raw := make([]byte, 0, 4*n)
	for range n {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(float32(b.rand.NormFloat64()*deviation)))
	}
	return b.initializer(raw, dims...)
}

func (b *builder) initializer(raw []byte, dims ...int64) string {
	name := fmt.Sprintf("weights_%d", len(b.graph.Initializer))
	b.graph.Initializer = append(b.graph.Initializer, &pb.TensorProto{
		Name: proto.String(name), Dims: dims, DataType: proto.Int32(int32(pb.TensorProto_FLOAT)), RawData: raw,
	})
	return name
}

func (b *builder) scalar(x float32) string {
	return b.initializer(binary.LittleEndian.AppendUint32(nil, math.Float32bits(x)))
}

// conv adds a convolution that keeps the map's size divided by the stride. gain scales
// what goes on: 1 keeps the variance through a ReLU.
func (b *builder) conv(x value, out, kernel, stride, groups int, gain float64) value {
	fan := x.c / groups * kernel * kernel
	w := b.weights(gain*math.Sqrt(2/float64(fan)), int64(out), int64(x.c/groups), int64(kernel), int64(kernel))
	bias := b.weights(0.05, int64(out))
	k, s, p := int64(kernel), int64(stride), int64(kernel/2)
	y := value{c: out, h: (x.h-1)/stride + 1, w: (x.w-1)/stride + 1}
	y.name = b.node("Conv", []string{x.name, w, bias},
		ints("kernel_shape", k, k), ints("strides", s, s), ints("pads", p, p, p, p), integer("group", int64(groups)))
	b.macs += int64(y.c * y.h * y.w * fan)
	return y
}

func (b *builder) relu(x value) value {
	x.name = b.node("Relu", []string{x.name})
	return x
}

func (b *builder) relu6(x value) value {
	x.name = b.node("Clip", []string{x.name, b.scalar(0), b.scalar(6)})
	return x
}

func (b *builder) add(x, y value) value {
	x.name = b.node("Add", []string{x.name, y.name})
	return x
}

func (b *builder) maxPool(x value, kernel, stride, pad int) value {
	k, s, p := int64(kernel), int64(stride), int64(pad)
	y := value{c: x.c, h: (x.h+2*pad-kernel)/stride + 1, w: (x.w+2*pad-kernel)/stride + 1}
	y.name = b.node("MaxPool", []string{x.name}, ints("kernel_shape", k, k), ints("strides", s, s), ints("pads", p, p, p, p))
	return y
}

func (b *builder) globalAverage(x value) value {
	return value{name: b.node("GlobalAveragePool", []string{x.name}), c: x.c, h: 1, w: 1}
}

func (b *builder) flatten(x value) value {
	return value{name: b.node("Flatten", []string{x.name}, integer("axis", 1)), c: x.c * x.h * x.w, h: 1, w: 1}
}

// dense adds a fully connected layer.
func (b *builder) dense(x value, out int) value {
	w := b.weights(math.Sqrt(2/float64(x.c)), int64(out), int64(x.c))
	bias := b.weights(0.05, int64(out))
	b.macs += int64(x.c * out)
	return value{name: b.node("Gemm", []string{x.name, w, bias}, integer("transB", 1)), c: out, h: 1, w: 1}
}

func info(name string, dims ...int64) *pb.ValueInfoProto {
	shape := &pb.TensorShapeProto{}
	for _, d := range dims {
		shape.Dim = append(shape.Dim, &pb.TensorShapeProto_Dimension{Value: &pb.TensorShapeProto_Dimension_DimValue{DimValue: d}})
	}
	tensor := &pb.TypeProto_Tensor{ElemType: proto.Int32(int32(pb.TensorProto_FLOAT)), Shape: shape}
	return &pb.ValueInfoProto{Name: proto.String(name), Type: &pb.TypeProto{Value: &pb.TypeProto_TensorType{TensorType: tensor}}}
}

func ints(name string, values ...int64) *pb.AttributeProto {
	return &pb.AttributeProto{Name: proto.String(name), Type: pb.AttributeProto_INTS.Enum(), Ints: values}
}

func integer(name string, value int64) *pb.AttributeProto {
	return &pb.AttributeProto{Name: proto.String(name), Type: pb.AttributeProto_INT.Enum(), I: proto.Int64(value)}
}
