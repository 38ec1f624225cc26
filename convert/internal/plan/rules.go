package plan

import (
	"errors"
	"slices"
	"strings"

	"ann2snn/ir"
)

// rule says how an operator of the trained network is converted.
type rule struct {
	kind  string // ir.Op's Kind
	class string // of its nodes, where the rule does not say otherwise
	moves bool   // it only moves elements
	// lower plans a node and records the layers of its outputs. An error says why the node
	// cannot be converted.
	lower func(p *planner, n *ir.Node) error
}

// rules is sorted by kind. Operators without a rule cannot be converted.
var rules = []rule{
	{"Add", Linear, false, lowerAdd},
	{"AveragePool", Linear, false, lowerAveragePool},
	{"BatchNormalization", Linear, false, lowerBatchNorm},
	{"Binary", Linear, false, lowerBinary},
	{"Clip", Spiking, false, lowerClip},
	{"Concat", Linear, false, lowerConcat},
	{"Conv", Linear, false, lowerConv},
	{"Dropout", Linear, true, lowerPass},
	{"Elu", Spiking, false, lowerActivation},
	{"Expand", Linear, true, lowerMove},
	{"FakeQuant", Spiking, false, lowerFakeQuant},
	{"Flatten", Linear, true, lowerMove},
	{"Gather", Linear, true, lowerMove},
	{"GatherElements", Linear, true, lowerMove},
	{"Gemm", Linear, false, lowerGemm},
	{"GlobalAveragePool", Linear, false, lowerGlobalAveragePool},
	{"GlobalMaxPool", Spiking, false, lowerGlobalMaxPool},
	{"HardSigmoid", Spiking, false, lowerActivation},
	{"HardSwish", Spiking, false, lowerActivation},
	{"Identity", Linear, true, lowerPass},
	{"LeakyRelu", Spiking, false, lowerActivation},
	{"LogSoftmax", Host, false, lowerLogSoftmax},
	{"MatMul", Linear, false, lowerMatMul},
	{"MaxPool", Spiking, false, lowerMaxPool},
	{"PRelu", Spiking, false, lowerPRelu},
	{"Pad", Linear, true, lowerPad},
	{"Reduce", Linear, false, lowerReduce},
	{"Relu", Spiking, false, lowerActivation},
	{"Reshape", Linear, true, lowerMove},
	{"SiLU", Spiking, false, lowerActivation},
	{"Sigmoid", Spiking, false, lowerSigmoid},
	{"Slice", Linear, true, lowerMove},
	{"Softmax", Host, false, lowerSoftmax},
	{"Split", Linear, true, lowerMove},
	{"Squeeze", Linear, true, lowerMove},
	{"Tanh", Spiking, false, lowerActivation},
	{"ThresholdedRelu", Spiking, false, lowerThresholdedRelu},
	{"Tile", Linear, true, lowerMove},
	{"Transpose", Linear, true, lowerMove},
	{"Unary", Linear, false, lowerUnary},
	{"Unsqueeze", Linear, true, lowerMove},
}

func ruleOf(op ir.Op) *rule {
	i, ok := slices.BinarySearchFunc(rules, op.Kind(), func(r rule, kind string) int {
		return strings.Compare(r.kind, kind)
	})
	if !ok {
		return nil
	}
	return &rules[i]
}

var (
	errConstantInput = errors.New("its input does not depend on the network's input (try to fold constants first)")
	errReordered     = errors.New("it takes a part of the output of a host operator, or breaks up its groups")
)
