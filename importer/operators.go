package importer

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"ann2snn/internal/pb"
	"ann2snn/ir"
)

// An operator is what ann2snn knows of an operator of ONNX.
type operator struct {
	name    string
	note    string // for the README: what is not supported of it
	becomes ir.Op  // what its nodes become, where that has another kind than name
	forms   []form
}

// A form is the way an operator is written in a range of opsets.
type form struct {
	since  []int // opsets that revised the operator and kept this form; ascending
	inputs arity
	// outputs is the largest number of outputs, 1 if not given.
	outputs int
	// decode returns what a node means, or nil where it adds nothing to the graph.
	// Mistakes are noted in the node.
	decode func(n *node) ir.Op
}

// An arity bounds the number of inputs; those up to least may not be absent.
type arity struct{ least, most int }

const unbounded = math.MaxInt32

// operators holds every operator of ONNX that can be read, sorted by name.
var operators = []operator{
	opAbs,
	opAdd,
	opAnd,
	opArgMax,
	opArgMin,
	opAveragePool,
	opBatchNormalization,
	opCast,
	opCeil,
	opCelu,
	opClip,
	opConcat,
	opConstant,
	opConstantOfShape,
	opConv,
	opConvTranspose,
	opDepthToSpace,
	opDequantizeLinear,
	opDiv,
	opDropout,
	opElu,
	opEqual,
	opErf,
	opExp,
	opExpand,
	opFlatten,
	opFloor,
	opGather,
	opGatherElements,
	opGelu,
	opGemm,
	opGlobalAveragePool,
	opGlobalMaxPool,
	opGreater,
	opGreaterOrEqual,
	opGroupNormalization,
	opHardSigmoid,
	opHardSwish,
	opIdentity,
	opInstanceNormalization,
	opLayerNormalization,
	opLeakyRelu,
	opLess,
	opLessOrEqual,
	opLog,
	opLogSoftmax,
	opLpNormalization,
	opMatMul,
	opMax,
	opMaxPool,
	opMean,
	opMin,
	opMish,
	opMod,
	opMul,
	opNeg,
	opOr,
	opPRelu,
	opPad,
	opPow,
	opQLinearConv,
	opQLinearMatMul,
	opQuantizeLinear,
	opRange,
	opReciprocal,
	opReduceL1,
	opReduceL2,
	opReduceLogSum,
	opReduceLogSumExp,
	opReduceMax,
	opReduceMean,
	opReduceMin,
	opReduceSum,
	opReduceSumSquare,
	opRelu,
	opReshape,
	opResize,
	opRound,
	opSelu,
	opShape,
	opSigmoid,
	opSlice,
	opSoftmax,
	opSoftplus,
	opSoftsign,
	opSpaceToDepth,
	opSplit,
	opSqrt,
	opSqueeze,
	opSub,
	opSum,
	opTanh,
	opThresholdedRelu,
	opTile,
	opTranspose,
	opTrilu,
	opUnsqueeze,
	opUpsample,
	opWhere,
	opXor,
}

// Operator describes an operator of ONNX that can be read.
type Operator struct {
	Name        string
	First, Last int   // opsets of the models in which it can be read
	Revisions   []int // opsets that revised the operator, the first may be before First
	Note        string
	Becomes     ir.Op // the operator of the IR, without attributes; nil where nodes become constants
}

// Operators lists the operators of ONNX that can be read, sorted by name.
func Operators() []Operator {
	list := make([]Operator, len(operators))
	for i, o := range operators {
		list[i] = Operator{Name: o.name, Last: maxOpset, Note: o.note, Becomes: o.kind()}
		for _, f := range o.forms {
			list[i].Revisions = append(list[i].Revisions, f.since...)
		}
		list[i].First = max(minOpset, list[i].Revisions[0])
	}
	return list
}

// kind returns an operator of the kind that nodes become, nil where they become constants.
func (o operator) kind() ir.Op {
	if o.becomes != nil {
		return o.becomes
	}
	i, ok := slices.BinarySearchFunc(ir.Ops(), o.name, func(op ir.Op, name string) int {
		return cmp.Compare(op.Kind(), name)
	})
	if !ok {
		return nil
	}
	return ir.Ops()[i]
}

// formOf returns the form in which a node is written, or why it cannot be translated.
func (m *model) formOf(p *pb.NodeProto) (f form, unsupported string) {
	if m.functions[operatorID{p.GetDomain(), p.GetOpType()}] {
		return form{}, "is a function defined in the file (export the model with functions inlined)"
	}
	known := operators
	switch {
	case p.GetDomain() == "com.microsoft":
		known = microsoft
	case !isONNX(p.GetDomain()):
		return form{}, fmt.Sprintf("operators of domain %q are not supported", p.GetDomain())
	}
	for _, a := range p.Attribute {
		switch a.GetType() {
		case pb.AttributeProto_GRAPH, pb.AttributeProto_GRAPHS:
			return form{}, fmt.Sprintf("attribute %s holds a graph: control flow is not supported", word(a.GetName()))
		}
	}
	i, ok := slices.BinarySearchFunc(known, p.GetOpType(), func(o operator, name string) int {
		return cmp.Compare(o.name, name)
	})
	if !ok && !isONNX(p.GetDomain()) {
		return form{}, fmt.Sprintf("this operator of domain %q is not supported (export the model without optimising it for one machine)", p.GetDomain())
	}
	if !ok {
		return form{}, unknownReason(p.GetOpType())
	}
	for _, f := range slices.Backward(known[i].forms) {
		if f.since[0] <= m.opset {
			return f, ""
		}
	}
	return form{}, fmt.Sprintf("the operator exists only from opset %d on", known[i].forms[0].since[0])
}

// unknownReason says why an operator without a row cannot be translated.
func unknownReason(op string) string {
	if strings.HasSuffix(op, "Integer") || op == "DynamicQuantizeLinear" {
		return "models whose scales depend on the sample are not supported (quantise statically, or start from the float model)"
	}
	return "the operator is not supported"
}

// checkArity checks the number of inputs and outputs of a node.
func (f form) checkArity(p *pb.NodeProto) error {
	if len(p.Input) < f.inputs.least || len(p.Input) > f.inputs.most {
		return fmt.Errorf("has %d inputs, want %v", len(p.Input), f.inputs)
	}
	if i := slices.Index(p.Input[:f.inputs.least], ""); i >= 0 {
		return fmt.Errorf("input %d is missing", i)
	}
	if most := max(f.outputs, 1); len(p.Output) > most {
		return fmt.Errorf("has %d outputs, want at most %d", len(p.Output), most)
	}
	return nil
}

// String returns the arity as in "2", "1 to 3" or "at least 1".
func (a arity) String() string {
	switch a.most {
	case a.least:
		return strconv.Itoa(a.least)
	case unbounded:
		return fmt.Sprintf("at least %d", a.least)
	}
	return fmt.Sprintf("%d to %d", a.least, a.most)
}
