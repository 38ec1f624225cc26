package nets

import (
	"math"
	"math/rand/v2"
	"strconv"

	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
)

// value is a tensor in a network under construction: channels x height x width.
type value struct {
	name    string
	c, h, w int
}

// builder writes a network node by node, with random weights.
type builder struct {
	*onnxfile.Graph
	rand *rand.Rand
	macs int64
}

func newBuilder(name string, seed uint64) *builder {
	return &builder{Graph: onnxfile.New(name), rand: rand.New(rand.NewPCG(seed, 0))}
}

// input adds the input, 3 x 224 x 224.
func (b *builder) input() value {
	return value{b.Input("input", pb.TensorProto_FLOAT, 1, 3, 224, 224), 3, 224, 224}
}

// network finishes with the output.
func (b *builder) network(out value) *Network {
	b.Output(out.name, pb.TensorProto_FLOAT, 1, int64(out.c))
	return &Network{MACs: b.macs, Model: b.Model("ann2snn bench")}
}

// node adds a node with one output and returns its name.
func (b *builder) node(op string, in []string, attributes ...*pb.AttributeProto) string {
	return b.Node(op+"_"+strconv.Itoa(b.Len()), op, in, attributes...)
}

// weights adds normally distributed weights of the given deviation.
func (b *builder) weights(deviation float64, dims ...int64) string {
	n := int64(1)
	for _, d := range dims {
		n *= d
	}
	values := make([]float32, n)
	for i := range values {
		values[i] = float32(b.rand.NormFloat64() * deviation)
	}
	return b.Constant(onnxfile.Floats("weights", values, dims...))
}

func (b *builder) scalar(x float32) string {
	return b.Constant(onnxfile.Floats("scalar", []float32{x}))
}

// conv adds a convolution that keeps the map's size divided by the stride. gain scales its
// output: 1 keeps the variance through a ReLU.
func (b *builder) conv(x value, out, kernel, stride, groups int, gain float64) value {
	fan := x.c / groups * kernel * kernel
	w := b.weights(gain*math.Sqrt(2/float64(fan)), int64(out), int64(x.c/groups), int64(kernel), int64(kernel))
	bias := b.weights(0.05, int64(out))
	k, s, p := int64(kernel), int64(stride), int64(kernel/2)
	y := value{c: out, h: (x.h-1)/stride + 1, w: (x.w-1)/stride + 1}
	y.name = b.node("Conv", []string{x.name, w, bias},
		onnxfile.Ints("kernel_shape", k, k), onnxfile.Ints("strides", s, s), onnxfile.Ints("pads", p, p, p, p), onnxfile.Int("group", int64(groups)))
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
	y.name = b.node("MaxPool", []string{x.name}, onnxfile.Ints("kernel_shape", k, k), onnxfile.Ints("strides", s, s), onnxfile.Ints("pads", p, p, p, p))
	return y
}

func (b *builder) globalAverage(x value) value {
	return value{name: b.node("GlobalAveragePool", []string{x.name}), c: x.c, h: 1, w: 1}
}

func (b *builder) flatten(x value) value {
	return value{name: b.node("Flatten", []string{x.name}, onnxfile.Int("axis", 1)), c: x.c * x.h * x.w, h: 1, w: 1}
}

// dense adds a fully connected layer.
func (b *builder) dense(x value, out int) value {
	w := b.weights(math.Sqrt(2/float64(x.c)), int64(out), int64(x.c))
	bias := b.weights(0.05, int64(out))
	b.macs += int64(x.c * out)
	return value{name: b.node("Gemm", []string{x.name, w, bias}, onnxfile.Int("transB", 1)), c: out, h: 1, w: 1}
}
