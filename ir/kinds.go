package ir

import (
	"math"
	"slices"
	"strings"
)

// kinds holds every operator with the attributes that the text form leaves out, which
// are ONNX's defaults where ONNX has the attribute; sorted by Kind.
var kinds = []Op{
	Add{},
	ArgMax{KeepDims: true},
	AveragePool{},
	BatchNorm{Epsilon: 1e-5},
	Binary{},
	Cast{},
	Celu{Alpha: 1},
	Clip{},
	Concat{},
	ConstantOfShape{Value: Floats([]float32{0}, 1)},
	Conv{Group: 1},
	ConvTranspose{Group: 1},
	DepthToSpace{Block: 1},
	DequantizeLinear{Scaling: Scaling{Axis: 1}},
	Dropout{},
	Elu{Alpha: 1},
	Expand{},
	FakeQuant{Axis: 1},
	Flatten{Axis: 1},
	Gather{},
	GatherElements{},
	Gemm{Alpha: 1, Beta: 1},
	GlobalAveragePool{},
	GlobalMaxPool{},
	GroupNorm{Groups: 1, Epsilon: 1e-5},
	HardSigmoid{Alpha: 0.2, Beta: 0.5},
	HardSwish{},
	Identity{},
	InstanceNorm{Epsilon: 1e-5},
	LayerNorm{Axis: -1, Epsilon: 1e-5},
	LeakyRelu{Alpha: 0.01},
	LogSoftmax{Axis: -1},
	MatMul{},
	MaxPool{},
	PRelu{},
	Pad{},
	QuantizeLinear{Scaling: Scaling{Axis: 1}},
	Progression{},
	Reduce{KeepDims: true},
	Relu{},
	Reshape{},
	Resize{Mode: "nearest", Coordinates: "half_pixel", Nearest: "round_prefer_floor", CubicA: -0.75, Aspect: "stretch"},
	Selu{Alpha: 1.67326319217681884765625, Gamma: 1.05070102214813232421875},
	ShapeOf{End: math.MaxInt},
	SiLU{},
	Sigmoid{},
	Slice{},
	Softmax{Axis: -1},
	SpaceToDepth{Block: 1},
	Split{},
	Squeeze{},
	Tanh{},
	ThresholdedRelu{Alpha: 1},
	Tile{},
	Transpose{},
	Trilu{},
	Unary{},
	Unsqueeze{},
	Where{},
}

// Ops returns one value of every operator, with default attributes, sorted by Kind.
func Ops() []Op { return slices.Clone(kinds) }

// opOf returns the operator of a kind with default attributes.
func opOf(kind string) (Op, bool) {
	i, ok := slices.BinarySearchFunc(kinds, kind, func(op Op, kind string) int {
		return strings.Compare(op.Kind(), kind)
	})
	if !ok {
		return nil, false
	}
	return kinds[i], true
}
