package passes

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCanonicalLayout(t *testing.T) {
	testRewrites(t, "canonical-layout", []rewriteTest{
		{
			"pairs cancel across elementwise nodes with constants",
			`input %x float32[1,2,3,4]
const %bias float32[2] = {1, 2}
const %map float32[3,4,1] = ramp(0, 1)
const %six float32[] = {6}
const %slope float32[1,1,2] = {0.1, 0.2}
%a = Transpose(%x) {perm=[0,2,3,1]}
%b = Add(%bias, %a)
%c = Relu(%b)
%d = Clip(%c, _, %six)
%e = Binary(%d, %map) {fn=mul}
%f = PRelu(%e, %slope)
%y = Transpose(%f) {perm=[0,3,1,2]}
output %y`,
			`input %x float32[1,2,3,4]
const %six float32[] = {6}
const %bias.1 float32[1,2,1,1] = {1, 2}
const %map.1 float32[1,1,3,4] = ramp(0, 1)
const %slope.1 float32[1,2,1,1] = {0.1, 0.2}
%b.1 = Add(%bias.1, %x)
%c.1 = Relu(%b.1)
%d.1 = Clip(%c.1, _, %six)
%e.1 = Binary(%d.1, %map.1) {fn=mul}
%y = PRelu(%e.1, %slope.1)
output %y`,
		},
		{
			"residual with a broadcast operand",
			`input %x float32[1,2,3,4]
input %z float32[1,2,1,1]
%h = Sigmoid(%x)
%s = Sigmoid(%z)
%a = Transpose(%h) {perm=[0,2,3,1]}
%b = Transpose(%s) {perm=[0,2,3,1]}
%c = Binary(%a, %b) {fn=mul}
%d = Add(%a, %c)
%y = Transpose(%d) {perm=[0,3,1,2]}
output %y`,
			`input %x float32[1,2,3,4]
input %z float32[1,2,1,1]
%h = Sigmoid(%x)
%s = Sigmoid(%z)
%c.1 = Binary(%h, %s) {fn=mul}
%y = Add(%h, %c.1)
output %y`,
		},
		{
			"nodes with axes",
			`input %x float32[1,2,3,4]
const %pads int64[8] = {0, 1, 2, 0, 0, 3, 4, 0}
const %k float32[1,7,10,1] = ramp(0, 1)
const %start int64[2] = {1, 0}
const %end int64[2] = {99, 99}
const %axes int64[2] = {-3, 3}
const %step int64[2] = {2, 1}
%h = Sigmoid(%x)
%a = Transpose(%h) {perm=[0,2,3,1]}
%b = Pad(%a, %pads)
%c = Concat(%b, %k) {axis=-1}
%d = Slice(%c, %start, %end, %axes, %step)
%e, %f = Split(%d) {axis=2 parts=2}
%g = Softmax(%e)
%i = LogSoftmax(%f)
%j = Concat(%g, %i)
%y = Transpose(%j) {perm=[0,3,1,2]}
output %y`,
			`input %x float32[1,2,3,4]
const %start int64[2] = {1, 0}
const %end int64[2] = {99, 99}
const %step int64[2] = {2, 1}
const %pads.1 int64[8] = {0, 0, 1, 2, 0, 0, 3, 4}
const %k.1 float32[1,1,7,10] = ramp(0, 1)
const %start.axes int64[2] = {2, 1}
%h = Sigmoid(%x)
%b.1 = Pad(%h, %pads.1)
%c.1 = Concat(%b.1, %k.1) {axis=1}
%d.1 = Slice(%c.1, %start, %end, %start.axes, %step)
%e.1, %f.1 = Split(%d.1) {axis=3 parts=2}
%g.1 = Softmax(%e.1) {axis=1}
%i.1 = LogSoftmax(%f.1) {axis=1}
%y = Concat(%g.1, %i.1)
output %y`,
		},
		{
			"mean and squeeze",
			`input %x float32[1,2,3,1]
const %axes int64[2] = {1, 2}
const %last int64[1] = {-2}
%h = Sigmoid(%x)
%a = Transpose(%h) {perm=[0,2,3,1]}
%b = Reduce(%a, %axes) {keepDims=false}
%c = Reduce(%a, %axes)
%d = Transpose(%c) {perm=[0,3,1,2]}
%e = Squeeze(%a, %last)
%f = Squeeze(%a)
output %b, %d, %e, %f`,
			`input %x float32[1,2,3,1]
const %b.axes int64[2] = {2, 3}
const %c.axes int64[2] = {2, 3}
const %e.axes int64[1] = {3}
const %f.axes int64[2] = {0, 3}
%h = Sigmoid(%x)
%b = Reduce(%h, %b.axes) {keepDims=false}
%d = Reduce(%h, %c.axes)
%e.1 = Squeeze(%h, %e.axes)
%f.1 = Squeeze(%h, %f.axes)
%e = Transpose(%e.1) "e" {perm=[0,2,1]}
%f = Transpose(%f.1) "f" {perm=[1,0]}
output %b, %d, %e, %f`,
		},
		{
			"preprocessing of a channels-last input",
			`input %x float32[1,4,5,2]
const %mean float32[2] = {1, 2}
const %pads int64[8] = {0, 1, 1, 0, 0, 2, 2, 0}
%a = Binary(%x, %mean) {fn=sub}
%b = Pad(%a, %pads)
%c = Transpose(%b) {perm=[0,3,1,2]}
%y = MaxPool(%c) {kernel=[3,3]}
output %y`,
			`input %x float32[1,4,5,2]
const %mean.1 float32[1,2,1,1] = {1, 2}
const %pads.1 int64[8] = {0, 0, 1, 1, 0, 0, 2, 2}
%x.1 = Transpose(%x) "x.1" {perm=[0,3,1,2]}
%a.1 = Binary(%x.1, %mean.1) {fn=sub}
%b.1 = Pad(%a.1, %pads.1)
%y = MaxPool(%b.1) {kernel=[3,3]}
output %y`,
		},
		{
			"a detour of the input disappears",
			`input %x float32[1,2,4,5]
const %mean float32[2] = {1, 2}
%t = Transpose(%x) {perm=[0,2,3,1]}
%a = Binary(%t, %mean) {fn=sub}
%c = Transpose(%a) {perm=[0,3,1,2]}
output %c`,
			`input %x float32[1,2,4,5]
const %mean.1 float32[1,2,1,1] = {1, 2}
%c = Binary(%x, %mean.1) {fn=sub}
output %c`,
		},
		{
			"absorbed by weights behind Flatten",
			`input %x float32[1,2,1,3]
const %w float32[1,6] = {1, 2, 3, 4, 5, 6}
const %v float32[2,6] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
%h = Sigmoid(%x)
%a = Transpose(%h) {perm=[0,2,3,1]}
%b = Flatten(%a) "flat"
%y = Gemm(%b, %w) {transB=true}
%z = Gemm(%b, %v) {transB=true}
output %y, %z`,
			`input %x float32[1,2,1,3]
const %b.1.shape int64[2] = {1, 6}
const %w.1 float32[1,6] = {1, 3, 5, 2, 4, 6}
const %b.2.shape int64[2] = {1, 6}
const %v.1 float32[2,6] = {1, 3, 5, 2, 4, 6, 7, 9, 11, 8, 10, 12}
%h = Sigmoid(%x)
%b.1 = Reshape(%h, %b.1.shape) "flat"
%y = Gemm(%b.1, %w.1) {transB=true}
%b.2 = Reshape(%h, %b.2.shape) "flat"
%z = Gemm(%b.2, %v.1) {transB=true}
output %y, %z`,
		},
		{
			"three transpositions",
			`input %x float32[1,2,3,4]
%a = Transpose(%x) {perm=[0,2,3,1]}
%b = Transpose(%a) {perm=[0,2,3,1]}
%c = Transpose(%b)
output %c`,
			`input %x float32[1,2,3,4]
%c = Transpose(%x) {perm=[2,1,3,0]}
output %c`,
		},
		{
			"nothing to gain",
			`input %x float32[1,2,3,4]
input %z float32[1,3,4,2]
input %m float32[2,3]
const %b float32[2] = {1, 2}
const %cube float32[2,1,1] = {1, 2}
const %w float32[2,4,1,1] = ramp(0, 1)
%a = Transpose(%x) {perm=[0,2,3,1]}
%c = Add(%a, %b)
%d = Add(%a, %z)
%e = Transpose(%x) {perm=[0,3,2,1]}
%f = Conv(%e, %w)
%g = Sigmoid(%m)
%h = Transpose(%g)
%i = Add(%h, %cube)
output %c, %d, %f, %i`, "",
		},
	})
}

// TestKeras runs everything on what tf2onnx makes of a Keras network: each layer between
// two transpositions, biases and activations channels last, dense layers as MatMul and Add.
func TestKeras(t *testing.T) {
	g := parse(t, `input %image float32[N,9,9,3]
const %mean float32[3] = {0.5, 0.25, 1}
const %w1 float32[4,3,3,3] = ramp(-1, 0.02)
const %b1 float32[4] = {1, 2, 3, 4}
const %bn float32[4] = {1, 2, 0.5, 0.25}
const %pads int64[8] = {0, 1, 1, 0, 0, 1, 1, 0}
const %zero float32[] = {0}
const %six float32[] = {6}
const %w2 float32[4,1,3,3] = ramp(-0.1, 0.01)
const %w3 float32[4,4,1,1] = ramp(-1, 0.1)
const %flat int64[2] = {-1, 36}
const %d1 float32[36,5] = ramp(-0.5, 0.01)
const %c1 float32[5] = {1, 2, 3, 4, 5}
%1 = Binary(%image, %mean) {fn=sub}
%2 = Transpose(%1) {perm=[0,3,1,2]}
%3 = Conv(%2, %w1) {strides=[2,2] autoPad=same_upper}
%4 = Transpose(%3) {perm=[0,2,3,1]}
%5 = Add(%4, %b1)
%6 = Transpose(%5) {perm=[0,3,1,2]}
%7 = BatchNormalization(%6, %bn, %bn, %bn, %bn)
%8 = Transpose(%7) {perm=[0,2,3,1]}
%9 = Clip(%8, %zero, %six)
%10 = Pad(%9, %pads)
%11 = Transpose(%10) {perm=[0,3,1,2]}
%12 = Conv(%11, %w2) {group=4}
%13 = Transpose(%12) {perm=[0,2,3,1]}
%14 = Relu(%13)
%15 = Transpose(%14) {perm=[0,3,1,2]}
%16 = Conv(%15, %w3)
%17 = Transpose(%16) {perm=[0,2,3,1]}
%18 = Add(%9, %17)
%19 = Transpose(%18) {perm=[0,3,1,2]}
%20 = MaxPool(%19) {kernel=[3,3] strides=[1,1]}
%21 = Transpose(%20) {perm=[0,2,3,1]}
%22 = Relu(%21)
%23 = Reshape(%22, %flat)
%24 = MatMul(%23, %d1)
%25 = Add(%24, %c1)
%out = Softmax(%25)
output %out`)
	if _, err := bindBatch(g); err != nil {
		t.Fatal(err)
	}
	if _, err := foldConstants(g); err != nil {
		t.Fatal(err)
	}
	before, scale := run(t, g)
	if err := Run(t.Context(), g, nil); err != nil {
		t.Fatal(err)
	}
	want := map[string]int{
		"Add": 1, "Binary": 1, "Clip": 1, "Conv": 3, "Gemm": 1, "MaxPool": 1, "Relu": 2, "Reshape": 1, "Softmax": 1,
		"Transpose": 1, // of the image
	}
	if diff := cmp.Diff(want, kinds(g)); diff != "" {
		t.Errorf("operators (-want +got):\n%s\n%s", diff, g)
	}
	after, _ := run(t, g)
	if diff := difference(before[0], after[0], 1e-6*scale); diff != "" {
		t.Errorf("%s (scale %g)", diff, scale)
	}
}

func TestMergePadding(t *testing.T) {
	testRewrites(t, "merge-padding", []rewriteTest{
		{
			"Conv, counting average",
			`input %x float32[1,1,4,4]
const %w float32[1,1,3,3] = {1, 2, 3, 4, 5, 6, 7, 8, 9}
const %pads int64[8] = {0, 0, 1, 0, 0, 0, 2, 3}
const %small int64[4] = {1, 0, 0, 1}
const %spatial int64[2] = {2, -1}
const %zero float32[] = {0}
%p = Pad(%x, %pads, %zero)
%a = Conv(%p, %w) {strides=[1,1] pads=[1,1,1,1]}
%q = Pad(%a, %small, _, %spatial)
%b = AveragePool(%q) {kernel=[2,2] strides=[2,2] pads=[0,0,0,0]}
%c = AveragePool(%q) {kernel=[2,2] pads=[0,1,0,0] countPad=true}
output %b, %c`,
			`input %x float32[1,1,4,4]
const %w float32[1,1,3,3] = {1, 2, 3, 4, 5, 6, 7, 8, 9}
%a = Conv(%x, %w) {strides=[1,1] pads=[2,1,3,4]}
%b = AveragePool(%a) {kernel=[2,2] strides=[2,2] pads=[1,0,0,1] countPad=true}
%c = AveragePool(%a) {kernel=[2,2] pads=[1,1,0,1] countPad=true}
output %b, %c`,
		},
		{
			"MaxPool",
			`input %x float32[1,1,4]
const %pads int64[6] = {0, 0, 1, 0, 0, 1}
const %lowest float32[] = {-Inf}
%r = Relu(%x)
%p = Pad(%r, %pads)
%a = MaxPool(%p) {kernel=[2] pads=[0,0]}
%q = Pad(%x, %pads, %lowest)
%b = MaxPool(%q) {kernel=[2] pads=[0,0]}
output %a, %b`,
			`input %x float32[1,1,4]
%r = Relu(%x)
%a = MaxPool(%r) {kernel=[2] pads=[1,1]}
%b = MaxPool(%x) {kernel=[2] pads=[1,1]}
output %a, %b`,
		},
		{
			"not the same",
			`input %x float32[1,1,4]
input %v float32[]
const %w float32[1,1,2] = {1, 2}
const %pads int64[6] = {0, 0, 1, 0, 0, 1}
const %wide int64[6] = {0, 0, 2, 0, 0, 0}
const %cut int64[6] = {0, 0, -1, 0, 0, 2}
const %batch int64[6] = {1, 0, 1, 0, 0, 1}
const %one float32[] = {1}
%p = Pad(%x, %pads)
%1 = MaxPool(%p) {kernel=[2] pads=[0,0]}
%2 = AveragePool(%p) {kernel=[3] pads=[1,0]}
%3 = AveragePool(%p) {kernel=[3] strides=[2] pads=[0,0] ceil=true countPad=true}
%q = Pad(%x, %wide)
%4 = AveragePool(%q) {kernel=[2] pads=[0,0]}
%r = Pad(%x, %cut)
%5 = Conv(%r, %w) {pads=[0,0]}
%s = Pad(%x, %pads, %one)
%6 = Conv(%s, %w) {pads=[0,0]}
%u = Pad(%x, %pads) {mode=edge}
%7 = Conv(%u, %w) {pads=[0,0]}
%t = Pad(%x, %pads, %v)
%8 = Conv(%t, %w) {pads=[0,0]}
%b = Pad(%x, %batch)
%9 = Conv(%b, %w) {pads=[0,0]}
output %1, %2, %3, %4, %5, %6, %7, %8, %9`, "",
		},
	})
}
