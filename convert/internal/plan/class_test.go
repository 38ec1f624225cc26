package plan

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ann2snn/convert/internal/nettest"
	"ann2snn/ir"
)

func TestClassify(t *testing.T) {
	t.Parallel()
	g := nettest.Parse(t, `
input %x float32[1,3,4,4]
const %w float32[3,3,1,1] = ramp(-0.5, 0.1)
%c = Conv(%x, %w) "conv" {group=1}
%r = Relu(%c) "relu"
%m = MaxPool(%r) "max" {kernel=[2,2]}
%l = Conv(%m, %w) "linear" {group=1}
%v = Conv(%l, %w) "weighted" {group=1}
%f = Flatten(%v) "flat" {axis=1}
%p = Softmax(%f) "prob" {axis=1}
%u = Tanh(%v) "unused"
output %p`)
	got := Classify(t.Context(), g)
	want := []Node{
		{0, "conv", "Conv", Linear, ""},
		{1, "relu", "Relu", Spiking, ""},
		{2, "max", "MaxPool", Spiking, ""},
		{3, "linear", "Conv", Spiking, "identity neurons: feeds the weights of weighted"},
		{4, "weighted", "Conv", Linear, ""},
		{5, "flat", "Flatten", Linear, ""},
		{6, "prob", "Softmax", Host, ""},
		{7, "unused", "Tanh", Unused, ""},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("classes (-want +got):\n%s", diff)
	}
}

func TestClassifyWithoutAPlan(t *testing.T) {
	t.Parallel()
	g := nettest.Parse(t, `
input %x float32[1,3]
input %y float32[1,3]
%z = Add(%x, %y) "add"
output %z`)
	got := Classify(t.Context(), g)
	if len(got) != 1 || got[0].Class != Unsupported || !strings.Contains(got[0].Reason, "needs one input") {
		t.Errorf("classes %+v", got)
	}
}

// prelude is what the graphs of unsupportedTests begin with: %x is spikes, and some
// values of other shapes depend on the input.
const prelude = `
input %in float32[1,3,4,4]
const %w float32[3,3,1,1] = ramp(-0.5, 0.1)
const %k float32[1,3,4,4] = ramp(1, 0.1)
const %square float32[4,4] = ramp(1, 0.1)
const %batch float32[3,4,4] = ramp(1, 0.1)
const %three float32[3] = {1, 2, 3}
const %one float32[] = {1}
const %nought float32[] = {0}
const %yes bool[] = {true}
const %pads int64[8] = {0, 0, 1, 1, 0, 0, 1, 1}
const %axes int64[1] = {2}
const %none int64[0] = {}
const %zeros int64[4] = {0, 0, 0, 0}
const %nine int64[4] = {1, 3, 1, 3}
const %single int64[4] = {1, 1, 1, 1}
const %weight int64[4] = {3, 3, 1, 1}
%x = Relu(%in) "x"
%x9 = Slice(%x, %zeros, %nine) "x9"
%xw = Reshape(%x9, %weight) "xw"
%x1 = Slice(%x, %zeros, %single) "x1"
%xs = Reshape(%x1, %none) "xs"
%x3 = GlobalMaxPool(%x) "x3"
%xv = Squeeze(%x3) "xv"
`

var unsupportedTests = []struct{ node, want string }{
	{`Binary(%k, %x) "y" {fn=div}`, "division by an activation"},
	{`Binary(%x, %k) "y" {fn=pow}`, "exponents differ from element to element"},
	{`Binary(%k, %x) "y" {fn=pow}`, "exponent depends on the input"},
	{`Binary(%x, %nought) "y" {fn=pow}`, "a power of 0"},
	{`Unary(%x) "y" {fn=floor}`, "floor is neither linear"},
	{`ThresholdedRelu(%x) "y" {alpha=-1}`, "its threshold is negative"},
	{`Conv(%x, %xw) "y" {group=1}`, "weight is not constant"},
	{`Conv(%x, %w, %xv) "y" {group=1}`, "bias is not constant"},
	{`MatMul(%x, %x) "y"`, "the product of two activations"},
	{`MatMul(%square, %x) "y"`, "left operand is constant"},
	{`MatMul(%x, %batch) "y"`, "want a matrix"},
	{`Pad(%x, %pads, %one) "y"`, "other values than 0"},
	{`Concat(%x, %k) "y" {axis=1}`, "joins activations with constants"},
	{`PRelu(%x, %k) "y"`, "differs within a channel"},
	{`PRelu(%x, %x3) "y"`, "slope is not constant"},
	{`Clip(%x, %xs) "y"`, "bounds are not constant"},
	{`BatchNormalization(%x, %three, %three, %three, %xv) "y"`, "parameters are not constant"},
	{`Where(%yes, %x, %k) "y"`, "no rule"},
	{`Cast(%x) "y" {to=int64}`, "not a float"},
}

func TestUnsupported(t *testing.T) {
	t.Parallel()
	for _, tt := range unsupportedTests {
		g := nettest.Parse(t, prelude+"%y = "+tt.node+"\noutput %y")
		classes := Classify(t.Context(), g)
		got := classes[len(classes)-1]
		if got.Class != Unsupported || !strings.Contains(got.Reason, tt.want) {
			t.Errorf("%s: %v because %q, want %q", tt.node, got.Class, got.Reason, tt.want)
		}
	}
}

func TestHostOperatorsAreForTheOutput(t *testing.T) {
	t.Parallel()
	for _, next := range []string{"Relu(%s)", "Add(%s, %v)", "MatMul(%s, %w)", "Concat(%s, %v) {axis=1}", "Binary(%s, %one) {fn=mul}"} {
		g := nettest.Parse(t, `
input %v float32[1,3]
const %w float32[3,3] = ramp(-0.5, 0.1)
const %one float32[] = {1}
%s = Softmax(%v) "s" {axis=1}
%y = `+next+`
output %y`)
		if got := Classify(t.Context(), g)[0]; got.Class != Unsupported || !strings.Contains(got.Reason, "stands inside the network") {
			t.Errorf("softmax in front of %s: %v because %q", next, got.Class, got.Reason)
		}
	}
}

func TestRulesAreSorted(t *testing.T) {
	t.Parallel()
	if !slices.IsSortedFunc(rules, func(a, b rule) int { return strings.Compare(a.kind, b.kind) }) {
		t.Error("the table of rules is not sorted")
	}
	if ruleOf(ir.Relu{}) == nil || ruleOf(ir.Where{}) != nil {
		t.Error("rules are not found by kind")
	}
}
