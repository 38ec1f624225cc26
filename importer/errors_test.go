package importer

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"

	"ann2snn/internal/pb"
)

// TestNodeErrors checks what is said about a malformed or untranslatable node.
func TestNodeErrors(t *testing.T) {
	tests := []struct {
		opset      int
		node       string
		attributes []*pb.AttributeProto
		want       string
	}{
		// Attributes of the wrong type, out of range, unknown or missing.
		{13, "y = LeakyRelu(x)", attrs(attr("alpha", 1)), `importer: LeakyRelu "Y": attribute alpha is an INT, want a FLOAT`},
		{13, "y = Concat(x)", attrs(attr("axis", "last")), `importer: Concat "Y": attribute axis is a STRING, want an INT`},
		{13, "y = Transpose(x)", attrs(attr("perm", []float32{0})), "attribute perm is FLOATS, want INTS"},
		{13, "y = Softmax(x)", attrs(attr("axis", []int64{1})), "attribute axis is INTS, want an INT"},
		{13, "y = Constant()", attrs(attr("value", 1.0)), "attribute value is a FLOAT, want a TENSOR"},
		{13, "y = Pad(x, i)", attrs(attr("mode", []string{"edge"})), "attribute mode is STRINGS, want a STRING"},
		{13, "y = Flatten(x)", attrs(attr("axis", zeros("", 1))), "attribute axis is of type TENSOR, want an INT"},
		{13, "y = LeakyRelu(x)", attrs(attr("alpha", nan)), "attribute alpha is not a number"},
		{13, "y = Gemm(x, w)", attrs(attr("transA", 2)), "attribute transA is 2, want 0 to 1"},
		{13, "y = Flatten(x)", attrs(attr("axis", 1<<40)), "attribute axis is 1099511627776, want -64 to 64"},
		{13, "y = Pad(x, i)", attrs(attr("mode", "mirror")), `attribute mode is "mirror", which is unknown`},
		{18, "y = Pad(x, i)", attrs(attr("mode", "wrap")), `attribute mode is "wrap", which is unknown`},
		{20, "y = Gelu(x)", attrs(attr("approximate", "fast")), `attribute approximate is "fast", which is unknown`},
		{13, "y = Relu(x)", attrs(attr("slope", 1.0), attr("alpha", 1.0)), "opset 13 has no attribute alpha, slope"},
		{13, "y = Squeeze(x)", attrs(axes1), "opset 13 has no attribute axes"},
		{11, "y = Clip(x)", attrs(attr("min", 0.0)), "opset 11 has no attribute min"},
		{9, "y = AveragePool(x)", attrs(kernel2, attr("ceil_mode", 1)), "opset 9 has no attribute ceil_mode"},
		{13, "y = Concat(x)", nil, "attribute axis is missing"},
		{13, "y = MaxPool(x)", nil, "attribute kernel_shape is missing"},
		{9, "y = Pad(x)", nil, "attribute pads is missing"},
		{9, "y = Slice(x)", attrs(attr("starts", []int64{0})), "attribute ends is missing"},
		{11, "y = Unsqueeze(x)", nil, "attribute axes is missing"},
		{13, "y = Cast(x)", nil, "attribute to is missing"},

		// What operators demand beyond that.
		{13, "y = Conv(x, w)", attrs(kernel2), `importer: Conv "Y": attribute kernel_shape is [2 2], but the weights have shape [4 3 3 3]`},
		{13, "y = Conv(x, v)", nil, "the weights have shape [3], want at least 3 axes"},
		{13, "y = Conv(x, w)", attrs(attr("group", 0)), "attribute group is 0"},
		{13, "y = Conv(x, w)", attrs(attr("auto_pad", "SAME")), `attribute auto_pad is "SAME", which is unknown`},
		{13, "y = Conv(x, w)", attrs(attr("strides", []int64{1, 0})), "attribute strides is [1 0]"},
		{13, "y = Conv(x, w)", attrs(attr("dilations", []int64{1})), "attribute dilations is [1], want 2 elements"},
		{13, "y = Conv(x, w)", attrs(attr("pads", []int64{1, 1})), "attribute pads is [1 1], want 4 elements"},
		{13, "y = MaxPool(x)", attrs(attr("kernel_shape", []int64{})), "attribute kernel_shape is empty"},
		{13, "y = MaxPool(x)", attrs(attr("kernel_shape", []int64{1 << 38, 2})), "attribute kernel_shape is [274877906944 2]"},
		{13, "y = MaxPool(x)", attrs(attr("kernel_shape", make([]int64, 1000))), "attribute kernel_shape has 1000 elements"},
		{13, "y = AveragePool(x)", attrs(kernel2, attr("pads", []int64{-1, 0, 0, 0})), "attribute pads is [-1 0 0 0]"},
		{13, "y = BatchNormalization(x, v, v, v, v)", attrs(attr("epsilon", -1.0)), "attribute epsilon is -1"},
		{13, "y = Transpose(x)", attrs(attr("perm", []int64{0, 2, 2, 1})), "attribute perm is [0 2 2 1], which is no permutation"},
		{13, "y = ConstantOfShape(i)", attrs(attr("value", ints("", 1, 2))), "attribute value has 2 elements, want one"},
		{13, "y = ConstantOfShape(i)", attrs(attr("value", rawTensor("", pb.TensorProto_FLOAT, []byte{1}, 1))), "attribute value: has 1 bytes of data"},
		{18, "y, z = Split(x, i)", attrs(attr("num_outputs", 2)), "both attribute num_outputs and input split"},
		{18, "y, z = Split(x)", attrs(attr("num_outputs", 3)), "attribute num_outputs is 3, want 2 to 2"},
		{23, "y = DequantizeLinear(i, v)", attrs(attr("output_dtype", 10)), "attribute output_dtype asks for FLOAT16, only float32 is supported"},
		{23, "y = Cast(x)", attrs(attr("to", 1), attr("round_mode", "up")), "opset 23 has no attribute round_mode"},
		{24, "y = Cast(x)", attrs(attr("to", 1), attr("round_mode", "even")), `attribute round_mode is "even", which is unknown`},
		{24, "y = Swish(x)", nil, `Swish "Y": the operator is not supported`},
		{13, "y = Constant()", nil, "has 0 attributes, want one"},
		{13, "y = Constant()", attrs(attr("value_int", 1), attr("value_float", 1.0)), "has 2 attributes, want one"},

		// Inputs and outputs.
		{13, "y = Add(x)", nil, `importer: Add "Y": has 1 inputs, want 2`},
		{13, "y = Clip(x, v, v, v)", nil, "has 4 inputs, want 1 to 3"},
		{13, "y = Sum()", nil, "has 0 inputs, want at least 1"},
		{9, "y = Gemm(x, w)", nil, "has 2 inputs, want 3"},
		{13, "y = Add(x, _)", nil, "input 1 is missing"},
		{13, "y = Sum(x, _, x)", nil, "an input is missing"},
		{13, "y = Concat(x, _)", attrs(attr("axis", 1)), "an input is missing"},
		{13, "y, z = Relu(x)", nil, "has 2 outputs, want at most 1"},

		// What is legal but not supported.
		{13, "y = HardSwish(x)", nil, `HardSwish "Y": the operator exists only from opset 14 on`},
		{8, "y = Erf(x)", nil, `Erf "Y": the operator exists only from opset 9 on`},
		{13, "y = Einsum(x, x)", nil, `Einsum "Y": the operator is not supported`},
		{13, "y = DynamicQuantizeLinear(x)", nil, `DynamicQuantizeLinear "Y": models whose scales depend on the sample are not supported (quantise statically, or start from the float model)`},
		{13, "y = Cast(x)", attrs(attr("to", 8)), `Cast "Y": elements of type STRING are not supported`},
		{13, "y = Cast(x)", attrs(attr("to", 99)), `Cast "Y": elements of type 99 are not supported`},
		{13, "y = Constant()", attrs(attr("value_string", "a")), `Constant "Y": strings and sparse tensors are not supported`},
		{13, "y = Constant()", attrs(&pb.AttributeProto{
			Name: proto.String("sparse_value"), Type: pb.AttributeProto_SPARSE_TENSOR.Enum(), SparseTensor: &pb.SparseTensorProto{},
		}), `Constant "Y": strings and sparse tensors are not supported`},
		{8, "y = BatchNormalization(x, v, v, v, v)", attrs(attr("spatial", 0)), "spatial=0"},
		{9, "y, m, s = BatchNormalization(x, v, v, v, v)", nil, "is in training mode"},
		{15, "y = BatchNormalization(x, v, v, v, v)", attrs(attr("training_mode", 1)), "is in training mode"},
		{13, "y = Dropout(x, v, x)", nil, "is in training mode"},
	}
	for _, test := range tests {
		t.Run(test.node, func(t *testing.T) {
			_, err := parse(t, opCase{node: test.node, attributes: test.attributes}.file(test.opset), Options{})
			wantError(t, err, test.want)
		})
	}
}

// TestOutputsInUse checks that outputs that cannot be computed matter only if read.
func TestOutputsInUse(t *testing.T) {
	pool := op("y, i2 = MaxPool(x)", kernel2)
	_, err := parse(t, file(pool, op("z = Identity(i2)")), Options{})
	wantError(t, err, `MaxPool "Y": the output Indices is not supported`)
	drop := op("y, mask = Dropout(x)")
	_, err = parse(t, opset(file(drop, op("z = Identity(mask)")), 9), Options{})
	wantError(t, err, `Dropout "Y": the output mask is not supported before opset 10`)
}

// TestUnsupportedError checks that all nodes are listed at once and that nodes behind
// them do no harm.
func TestUnsupportedError(t *testing.T) {
	fused := op("b = FusedConv(a)")
	fused.Domain = proto.String("com.microsoft")
	loop := op("c = If(b)", attr("then_branch", &pb.GraphProto{}))
	loop.Name = nil
	called := op("d = Block(c)")
	called.Domain = proto.String("local")
	m := file(op("a = NonZero(x)"), fused, loop, called, op("y = Relu(d)"))
	m.Functions = []*pb.FunctionProto{{Name: proto.String("Block"), Domain: proto.String("local")}}
	_, err := parse(t, m, Options{})
	var unsupported *UnsupportedError
	if !errors.As(err, &unsupported) {
		t.Fatalf("error %v, want an UnsupportedError", err)
	}
	want := &UnsupportedError{Opset: 13, Nodes: []UnsupportedNode{
		{"A", "NonZero", "", "the operator is not supported"},
		{"B", "FusedConv", "com.microsoft", `this operator of domain "com.microsoft" is not supported (export the model without optimising it for one machine)`},
		{"c", "If", "", "attribute then_branch holds a graph: control flow is not supported"},
		{"D", "Block", "local", "is a function defined in the file (export the model with functions inlined)"},
	}}
	if diff := cmp.Diff(want, unsupported); diff != "" {
		t.Error(diff)
	}
	text := `importer: 4 of the model's nodes cannot be translated (opset 13):
  NonZero "A": the operator is not supported
  com.microsoft.FusedConv "B": this operator of domain "com.microsoft" is not supported (export the model without optimising it for one machine)
  If "c": attribute then_branch holds a graph: control flow is not supported
  local.Block "D": is a function defined in the file (export the model with functions inlined)`
	if diff := cmp.Diff(text, err.Error()); diff != "" {
		t.Error(diff)
	}
}

// TestUnsupportedErrorIsBounded checks that the text of the error stays readable.
func TestUnsupportedErrorIsBounded(t *testing.T) {
	var nodes []*pb.NodeProto
	for i := range 60 {
		nodes = append(nodes, op(fmt.Sprintf("y%d = NonZero(x)", i)))
	}
	_, err := parse(t, file(nodes...), Options{})
	wantError(t, err, "\n  and 10 more")
	if lines := strings.Count(err.Error(), "\n"); lines != maxListed+1 {
		t.Errorf("%d lines below the first, want %d", lines, maxListed+1)
	}
}

func TestAntialiasIsRefused(t *testing.T) {
	resize := func(mode string) *pb.ModelProto {
		n := op("y = Resize(x, _, s)", attr("mode", mode), attr("antialias", 1))
		return with(opset(file(n), 18), zeros("s", 2))
	}
	_, err := parse(t, resize("linear"), Options{})
	wantError(t, err, `Resize "Y": antialias=1 is not supported (export the model without it)`)
	if _, err := parse(t, resize("nearest"), Options{}); err != nil {
		t.Errorf("antialias has no effect on the nearest element, but: %v", err)
	}
}
