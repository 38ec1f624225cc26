package passes

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ann2snn/ir"
)

func parse(t testing.TB, src string) *ir.Graph {
	t.Helper()
	g, err := ir.Parse(src)
	if err != nil {
		t.Fatalf("%v in\n%s", err, src)
	}
	return g
}

// inferred parses a graph that computes no shapes and infers its types.
func inferred(t testing.TB, src string) *ir.Graph {
	t.Helper()
	g := parse(t, src)
	if err := g.Infer(); err != nil {
		t.Fatalf("%v in\n%s", err, src)
	}
	return g
}

func text(t testing.TB, g *ir.Graph) string {
	t.Helper()
	var b strings.Builder
	if err := g.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// byName returns the pass called name.
func byName(t *testing.T, name string) Pass {
	t.Helper()
	i := slices.IndexFunc(All(), func(p Pass) bool { return p.Name == name })
	if i < 0 {
		t.Fatalf("no pass is called %q", name)
	}
	return All()[i]
}

// A rewriteTest says what one pass makes of a graph; an empty after means nothing.
type rewriteTest struct{ name, before, after string }

// testRewrites applies a pass to typed graphs and compares text.
func testRewrites(t *testing.T, pass string, tests []rewriteTest) {
	t.Helper()
	p := byName(t, pass)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := inferred(t, test.before)
			changed, err := p.Run(g)
			if err != nil {
				t.Fatal(err)
			}
			if err := g.Verify(); err != nil {
				t.Fatalf("illegal graph: %v\n%s", err, text(t, g))
			}
			after := test.after
			if after == "" {
				after = test.before
			}
			if (changed > 0) != (test.after != "") {
				t.Errorf("the pass reports %d rewrites", changed)
			}
			if diff := cmp.Diff(text(t, inferred(t, after)), text(t, g)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDeadCode(t *testing.T) {
	testRewrites(t, "dead-code", []rewriteTest{
		{
			"unused branch, unused constant",
			`input %x float32[1,2]
input %unused float32[1]
const %c float32[2] = {1, 2}
%a = Relu(%x)
%b = Add(%x, %c)
%d = Sigmoid(%b)
output %a`,
			`input %x float32[1,2]
input %unused float32[1]
%a = Relu(%x)
output %a`,
		},
		{
			"one of two outputs is used",
			`input %x float32[1,2]
%a, %b = Split(%x) {axis=1 parts=2}
output %b`, "",
		},
	})
}

func TestBindBatch(t *testing.T) {
	g := parse(t, "input %x float32[N,3,8,8]\ninput %y float32[?]\ninput %z float32[2,3]\noutput %x")
	changed, err := bindBatch(g)
	if err != nil || changed != 2 {
		t.Fatalf("%d changes, error %v", changed, err)
	}
	want := "input %x float32[1,3,8,8]\ninput %y float32[1]\ninput %z float32[2,3]\noutput %x\n"
	if diff := cmp.Diff(want, text(t, g)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestBindBatchRefuses(t *testing.T) {
	g := parse(t, "input %x float32[N,3,H,W]\ninput %y float32\noutput %x")
	_, err := bindBatch(g)
	want := `input "x" is float32[1,3,H,W] (every axis length must be known, try --input-shape x=1,3,H,W with numbers)
input "y" is float32 (every axis length must be known, try --input-shape y=1,... with numbers)`
	if err == nil || err.Error() != want {
		t.Errorf("error is\n%v\nwant\n%s", err, want)
	}
}

func TestExplicitPadding(t *testing.T) {
	testRewrites(t, "explicit-padding", []rewriteTest{
		{
			"default fields",
			`input %x float32[1,3,8]
const %w float32[4,3,3] = ramp(0, 1)
%y = Conv(%x, %w)
output %y`,
			`input %x float32[1,3,8]
const %w float32[4,3,3] = ramp(0, 1)
%y = Conv(%x, %w) {strides=[1] dilations=[1] pads=[0,0]}
output %y`,
		},
		{
			"same",
			`input %x float32[1,3,8,7]
const %w float32[4,3,3,3] = ramp(0, 1)
%y = Conv(%x, %w) {strides=[2,2] autoPad=same_upper}
%z = MaxPool(%y) {kernel=[2,2] autoPad=same_lower}
output %z`,
			`input %x float32[1,3,8,7]
const %w float32[4,3,3,3] = ramp(0, 1)
%y = Conv(%x, %w) {strides=[2,2] dilations=[1,1] pads=[0,1,1,1]}
%z = MaxPool(%y) {kernel=[2,2] strides=[1,1] dilations=[1,1] pads=[1,1,0,0]}
output %z`,
		},
		{
			"ceil becomes padding",
			`input %x float32[1,3,8,7]
%y = MaxPool(%x) {kernel=[3,3] strides=[2,2] ceil=true}
%z = AveragePool(%y) {kernel=[3,2] strides=[2,2] ceil=true}
output %z`,
			`input %x float32[1,3,8,7]
%y = MaxPool(%x) {kernel=[3,3] strides=[2,2] dilations=[1,1] pads=[0,0,1,0]}
%z = AveragePool(%y) {kernel=[3,2] strides=[2,2] dilations=[1,1] pads=[0,0,1,1]}
output %z`,
		},
		{
			"ceil that an average would count stays",
			`input %x float32[1,3,8]
%y = AveragePool(%x) {kernel=[3] strides=[2] dilations=[1] pads=[0,0] ceil=true countPad=true}
output %y`, "",
		},
		{
			"ceil that adds nothing goes",
			`input %x float32[1,3,9]
%y = AveragePool(%x) {kernel=[3] strides=[2] dilations=[1] pads=[0,0] ceil=true countPad=true}
output %y`,
			`input %x float32[1,3,9]
%y = AveragePool(%x) {kernel=[3] strides=[2] dilations=[1] pads=[0,0] countPad=true}
output %y`,
		},
	})
}

func TestRemoveNoOps(t *testing.T) {
	testRewrites(t, "remove-no-ops", []rewriteTest{
		{
			"everything that does nothing",
			`input %x float32[1,4,2,2]
const %zero float32[] = {0}
const %one float32[4,1,1] = {1, 1, 1, 1}
const %shape int64[4] = {1, 4, 2, 2}
const %pads int64[8] = {0, 0, 0, 0, 0, 0, 0, 0}
const %start int64[1] = {0}
const %end int64[1] = {99}
const %axes int64[1] = {0}
const %low float32[] = {-3.4028235e+38}
%r = Sigmoid(%x)
%1 = Identity(%r)
%2 = Dropout(%1)
%3 = Add(%zero, %2)
%4 = Binary(%3, %one) {fn=mul}
%5 = Binary(%4, %one) {fn=div}
%6 = Binary(%5, %zero) {fn=sub}
%7 = Reshape(%6, %shape)
%8 = Pad(%7, %pads)
%9 = Slice(%8, %start, %end)
%10 = Concat(%9) {axis=2}
%11 = Transpose(%10) {perm=[0,1,2,3]}
%12 = Cast(%11) {to=float32 stored="float16"}
%13 = Reduce(%12, %axes)
%14 = MaxPool(%13) {kernel=[1,1]}
%15 = Relu(%14)
%16 = Clip(%15, %low)
%17 = Split(%16) {parts=1}
%y = Tanh(%17)
output %y`,
			`input %x float32[1,4,2,2]
%r = Sigmoid(%x)
%y = Tanh(%r)
output %y`,
		},
		{
			"the output keeps its name",
			`input %x float32[2]
%a = Sigmoid(%x) "s"
%y = Identity(%a)
output %y`,
			`input %x float32[2]
%y = Sigmoid(%x) "s"
output %y`,
		},
		{
			"an input cannot take the name of the output",
			`input %x float32[2]
%y = Identity(%x)
output %y`, "",
		},
		{
			"two outputs keep their names",
			`input %x float32[2]
%a = Sigmoid(%x)
%b = Identity(%a)
output %a, %b`, "",
		},
		{
			"read twice by one node",
			`input %x float32[2]
%a = Sigmoid(%x)
%b = Identity(%a)
%y = Add(%b, %b)
output %y`,
			`input %x float32[2]
%a = Sigmoid(%x)
%y = Add(%a, %a)
output %y`,
		},
		{
			"what does something stays",
			`input %x float32[1,4]
input %n int64[2]
const %zero float32[1,4] = {0, 0, 0, 0}
const %tall float32[2,1] = {0, 0}
const %one float32[] = {1}
const %start int64[1] = {-1}
const %end int64[1] = {-9}
const %axis int64[1] = {1}
const %step int64[1] = {-1}
%1 = Binary(%zero, %x) {fn=sub}
%2 = Binary(%one, %1) {fn=div}
%3 = Slice(%2, %start, %end, %axis, %step)
%4 = Cast(%n) {to=int64 stored="int8"}
%5 = Relu(%3)
%6 = Add(%5, %tall)
%7, %mask = Dropout(%6)
output %7, %4, %mask`, "",
		},
	})
}

func TestMergeViews(t *testing.T) {
	testRewrites(t, "merge-views", []rewriteTest{
		{
			"chain",
			`input %x float32[2,3,4]
const %shape int64[3] = {4, 6, 1}
const %axes int64[1] = {2}
%a = Reshape(%x, %shape)
%b = Squeeze(%a, %axes)
%c = Flatten(%b) {axis=0}
output %c`,
			`input %x float32[2,3,4]
const %c.shape int64[2] = {1, 24}
%c = Reshape(%x, %c.shape)
output %c`,
		},
		{
			"empty axes",
			`input %x float32[0,3]
const %axes int64[1] = {0}
%a = Unsqueeze(%x, %axes)
%b = Flatten(%a) {axis=2}
output %b`,
			`input %x float32[0,3]
const %b.shape int64[2] = {0, 3}
%b = Reshape(%x, %b.shape) {allowZero=true}
output %b`,
		},
		{
			"transposition of axes of length 1",
			`input %x float32[1,3,1,4]
%a = Transpose(%x) {perm=[1,0,3,2]}
output %a`,
			`input %x float32[1,3,1,4]
const %a.shape int64[4] = {3, 1, 4, 1}
%a = Reshape(%x, %a.shape)
output %a`,
		},
		{
			"single view, real transposition",
			`input %x float32[1,3,2]
%a = Transpose(%x) {perm=[0,2,1]}
%b = Flatten(%a)
output %b`, "",
		},
	})
}

func TestFuseActivations(t *testing.T) {
	testRewrites(t, "fuse-activations", []rewriteTest{
		{
			"SiLU",
			`input %x float32[2]
%s = Sigmoid(%x)
%y = Binary(%s, %x) {fn=mul}
output %y`,
			`input %x float32[2]
%y = SiLU(%x)
output %y`,
		},
		{
			"HardSwish by HardSigmoid",
			`input %x float32[2]
%s = HardSigmoid(%x) {alpha=0.16666667}
%y = Binary(%x, %s) {fn=mul}
output %y`,
			`input %x float32[2]
%y = HardSwish(%x)
output %y`,
		},
		{
			"HardSwish by Clip, gate divided",
			`input %x float32[1,2]
const %three float32[] = {3}
const %zero float32[] = {0}
const %six float32[] = {6}
%a = Add(%x, %three)
%c = Clip(%a, %zero, %six)
%d = Binary(%c, %six) {fn=div}
%y = Binary(%d, %x) {fn=mul}
output %y`,
			`input %x float32[1,2]
%y = HardSwish(%x)
output %y`,
		},
		{
			"HardSwish by Clip, product scaled",
			`input %x float32[1,2]
const %three float32[1] = {3}
const %zero float32[] = {0}
const %six float32[] = {6}
const %sixth float32[2] = {0.16666667, 0.16666667}
%a = Add(%three, %x)
%c = Clip(%a, %zero, %six)
%p = Binary(%x, %c) {fn=mul}
%y = Binary(%sixth, %p) {fn=mul}
output %y`,
			`input %x float32[1,2]
%y = HardSwish(%x)
output %y`,
		},
		{
			"HardSigmoid",
			`input %x float32[1,2]
const %three float32[1] = {3}
const %zero float32[] = {0}
const %six float32[] = {6}
%a = Add(%three, %x)
%c = Clip(%a, %zero, %six)
%y = Binary(%c, %six) {fn=div}
output %y`,
			`input %x float32[1,2]
%y = HardSigmoid(%x) {alpha=0.16666667}
output %y`,
		},
		{
			"Relu of Clip, PRelu and LeakyRelu",
			`input %x float32[1,2]
const %zero float32[] = {0}
const %big float32[] = {+Inf}
const %slope float32[2] = {0.25, 0.25}
const %none float32[1] = {0}
%a = Clip(%x, %zero)
%b = Clip(%a, %zero, %big)
%c = PRelu(%b, %slope)
%y = PRelu(%c, %none)
output %y`,
			`input %x float32[1,2]
%a = Relu(%x)
%b = Relu(%a)
%c = LeakyRelu(%b) {alpha=0.25}
%y = Relu(%c)
output %y`,
		},
		{
			"not quite",
			`input %x float32[1,2]
input %n int64[2]
input %tall float32[2,1]
const %four float32[] = {4}
const %zero float32[] = {0}
const %six float32[] = {6}
const %slopes float32[2] = {0.25, 0.5}
const %izero int64[] = {0}
%s = Sigmoid(%x)
%m1 = Binary(%tall, %s) {fn=mul}
%h = HardSigmoid(%x)
%m2 = Binary(%x, %h) {fn=mul}
%a = Add(%x, %four)
%c = Clip(%a, %zero, %six)
%d = Binary(%c, %six) {fn=div}
%e = Binary(%six, %s) {fn=div}
%p = PRelu(%x, %slopes)
%i = Clip(%n, %izero)
%q = Clip(%x, %zero, %six)
output %m1, %m2, %d, %e, %p, %i, %q`, "",
		},
	})
}

func TestGlobalPools(t *testing.T) {
	testRewrites(t, "global-pools", []rewriteTest{
		{
			"means",
			`input %x float32[1,3,4,5]
const %axes int64[2] = {-1, 2}
%a = Reduce(%x, %axes)
%b = Reduce(%x, %axes) "mean" {keepDims=false}
output %a, %b`,
			`input %x float32[1,3,4,5]
const %b.shape int64[2] = {1, 3}
%a = GlobalAveragePool(%x)
%b.1 = GlobalAveragePool(%x) "mean"
%b = Reshape(%b.1, %b.shape) "mean"
output %a, %b`,
		},
		{
			"windows over everything",
			`input %x float32[1,3,4,5]
%a = AveragePool(%x) {kernel=[4,5] strides=[4,5] pads=[0,0,0,0]}
%b = MaxPool(%x) {kernel=[4,5]}
output %a, %b`,
			`input %x float32[1,3,4,5]
%a = GlobalAveragePool(%x)
%b = GlobalMaxPool(%x)
output %a, %b`,
		},
		{
			"others",
			`input %x float32[1,3,4,5]
input %n int64[1,3,4]
const %axes int64[2] = {1, 2}
const %last int64[1] = {2}
%a = AveragePool(%x) {kernel=[4,5] pads=[1,0,0,0]}
%b = MaxPool(%x) {kernel=[4,4]}
%c = Reduce(%x, %axes)
%d = Reduce(%n, %last)
%e = Reduce(%x)
%f = Reduce(%x, %last) {fn=sum}
output %a, %b, %c, %d, %e, %f`, "",
		},
	})
}

func TestCanonicalGemm(t *testing.T) {
	testRewrites(t, "canonical-gemm", []rewriteTest{
		{
			"MatMul",
			`input %x float32[1,2]
const %w float32[2,3] = {1, 2, 3, 4, 5, 6}
%y = MatMul(%x, %w) "fc"
output %y`,
			`input %x float32[1,2]
const %w.1 float32[3,2] = {1, 4, 2, 5, 3, 6}
%y = Gemm(%x, %w.1) "fc" {transB=true}
output %y`,
		},
		{
			"every attribute",
			`input %x float32[2,1]
const %w float32[2,2] = {1, 2, 3, 4}
const %c float32[1] = {10}
%y = Gemm(%x, %w, %c) "fc" {alpha=2 beta=0.5 transA=true}
output %y`,
			`input %x float32[2,1]
const %w.1 float32[2,2] = {2, 6, 4, 8}
const %c.1 float32[2] = {5, 5}
%x.1 = Transpose(%x) "x.1" {perm=[1,0]}
%y = Gemm(%x.1, %w.1, %c.1) "fc" {transB=true}
output %y`,
		},
		{
			"bias without weight",
			`input %x float32[1,2]
const %w float32[2,2] = {1, 2, 3, 4}
const %c float32[1,2] = {10, 20}
%y = Gemm(%x, %w, %c) {beta=0 transB=true}
%z = Gemm(%y, %w, %c) {transB=true}
output %z`,
			`input %x float32[1,2]
const %w.1 float32[2,2] = {1, 2, 3, 4}
const %w.2 float32[2,2] = {1, 2, 3, 4}
const %c.1 float32[2] = {10, 20}
%y = Gemm(%x, %w.1) {transB=true}
%z = Gemm(%y, %w.2, %c.1) {transB=true}
output %z`,
		},
		{
			"not constant, or not one bias",
			`input %x float32[2,2]
input %v float32[2]
const %w float32[2,2] = {1, 2, 3, 4}
const %c float32[2,1] = {10, 20}
const %huge float32[2,2] = {3e38, 2, 3, 4}
const %b float32[2] = {1, 2}
%1 = MatMul(%x, %x)
%2 = Gemm(%1, %w, %c)
%3 = Gemm(%2, %w, %v)
%4 = MatMul(%3, %v)
%5 = Gemm(%3, %huge) {alpha=2}
%6 = Gemm(%5, %w, %b) {transB=true}
output %4, %6`, "",
		},
	})
}

func TestFoldAffine(t *testing.T) {
	testRewrites(t, "fold-affine", []rewriteTest{
		{
			"BatchNormalization",
			`input %x float32[1,1,3]
const %w float32[2,1,1] = {1, 2}
const %b float32[2] = {10, 20}
const %scale float32[2] = {3, 4}
const %bias float32[2] = {5, 6}
const %mean float32[2] = {7, 8}
const %var float32[2] = {3, 15}
%c = Conv(%x, %w, %b) "conv"
%y = BatchNormalization(%c, %scale, %bias, %mean, %var) "bn" {epsilon=1}
%z = Relu(%y)
output %z`,
			// scale 3/2, 4/4; shift 5-7*1.5, 6-8
			`input %x float32[1,1,3]
const %w.1 float32[2,1,1] = {1.5, 2}
const %b.1 float32[2] = {9.5, 18}
%y = Conv(%x, %w.1, %b.1) "conv"
%z = Relu(%y)
output %z`,
		},
		{
			"chain",
			`input %x float32[1,1,3]
const %w float32[2,1,1] = {1, 2}
const %c1 float32[2,1] = {1, 2}
const %c2 float32[1,2,1] = {4, 8}
const %c3 float32[] = {3}
%c = Conv(%x, %w)
%1 = Add(%c1, %c)
%2 = Binary(%1, %c2) {fn=mul}
%3 = Binary(%2, %c3) {fn=sub}
%4 = Binary(%c3, %3) {fn=sub}
%5 = Binary(%4, %c2) {fn=div}
%6 = Unary(%5)
output %6`,
			// 1: x+1, 2x+2; 2: 4x+4, 16x+16; 3: 4x+1, 16x+13; 4: -4x+2, -16x-10; 5: -x+0.5, -2x-1.25
			`input %x float32[1,1,3]
const %w float32[2,1,1] = {1, 2}
const %c.bias float32[2] = {-0.5, 1.25}
%6 = Conv(%x, %w, %c.bias)
output %6`,
		},
		{
			"Gemm",
			`input %x float32[1,2]
const %w float32[2,2] = {1, 2, 3, 4}
const %b float32[2] = {10, 20}
const %s float32[1,2] = {2, 3}
%c = Gemm(%x, %w, %b) "fc" {transB=true}
%y = Binary(%s, %c) {fn=mul}
output %y`,
			`input %x float32[1,2]
const %w.1 float32[2,2] = {2, 4, 9, 12}
const %b.1 float32[2] = {20, 60}
%y = Gemm(%x, %w.1, %b.1) "fc" {transB=true}
output %y`,
		},
		{
			"not foldable",
			`input %x float32[1,2,2]
input %v float32[2]
const %w float32[2,2,1] = {1, 2, 3, 4}
const %wide float32[2] = {1, 2}
const %tall float32[3,1,1,1] = {1, 2, 3}
const %c float32[2,1] = {1, 2}
const %zero float32[] = {0}
const %big float32[] = {1e-30}
const %one float32[2] = {1, 1}
const %negative float32[2] = {-2, 1}
%1 = Conv(%x, %w)
%2 = Add(%1, %wide)
%3 = Conv(%2, %w)
%4 = Add(%3, %c)
%5 = Relu(%3)
%6 = Add(%4, %5)
%7 = Conv(%6, %w)
%8 = Binary(%7, %zero) {fn=div}
%9 = Conv(%8, %w, %v)
%10 = Add(%9, %c)
%11 = Conv(%10, %w)
%12 = Binary(%c, %11) {fn=div}
%13 = Conv(%12, %w)
%14 = BatchNormalization(%13, %one, %one, %one, %negative)
%15 = Conv(%14, %w)
%16 = Add(%15, %tall)
%17 = BatchNormalization(%x, %one, %one, %one, %one)
%18 = Conv(%17, %w)
%19 = Add(%18, %18)
output %16, %19`, "",
		},
	})
}

func TestActivationBeforeMax(t *testing.T) {
	testRewrites(t, "activation-before-max", []rewriteTest{
		{
			"Relu behind two pools",
			`input %x float32[1,2,4,4]
%a = MaxPool(%x) "p1" {kernel=[2,2] strides=[2,2]}
%b = GlobalMaxPool(%a) "p2"
%y = Relu(%b) "act"
output %y`,
			`input %x float32[1,2,4,4]
%y.1.1 = Relu(%x) "act"
%y.1 = MaxPool(%y.1.1) "p1" {kernel=[2,2] strides=[2,2]}
%y = GlobalMaxPool(%y.1) "p2"
output %y`,
		},
		{
			"Clip and PRelu",
			`input %x float32[1,2,4]
const %low float32[] = {-1}
const %slope float32[2,1] = {0, 0.5}
%a = MaxPool(%x) {kernel=[2]}
%b = Clip(%a, %low)
%c = MaxPool(%b) {kernel=[2]}
%y = PRelu(%c, %slope)
output %y`,
			`input %x float32[1,2,4]
const %low float32[] = {-1}
const %slope float32[2,1] = {0, 0.5}
%b.1 = Clip(%x, %low)
%y.1.1 = PRelu(%b.1, %slope)
%y.1 = MaxPool(%y.1.1) {kernel=[2]}
%y = MaxPool(%y.1) {kernel=[2]}
output %y`,
		},
		{
			"not monotone, not alone, not alike in a channel",
			`input %x float32[1,2,4]
const %falling float32[2,1] = {0, -0.5}
const %slopes float32[1,3] = {0.1, 0.2, 0.3}
%a = MaxPool(%x) {kernel=[2]}
%b = SiLU(%a)
%c = MaxPool(%x) {kernel=[2]}
%d = PRelu(%c, %falling)
%e = MaxPool(%x) {kernel=[2]}
%f = PRelu(%e, %slopes)
%g = MaxPool(%x) {kernel=[2]}
%h = Relu(%g)
%i = MaxPool(%x) {kernel=[2]}
%j = LeakyRelu(%i) {alpha=-1}
output %b, %d, %f, %g, %h, %j`, "",
		},
	})
}

func TestRunVerifiesAndDumps(t *testing.T) {
	g := parse(t, "input %x float32[N,2]\n%y = Identity(%x)\n%z = Relu(%y)\noutput %z")
	var steps []string
	reports, err := Run(g, func(step int, name string, g *ir.Graph) error {
		if step != len(steps) {
			t.Errorf("step %d after %d steps", step, len(steps))
		}
		steps = append(steps, name)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(reports) != len(All()) || len(steps) != len(All())+1 || steps[0] != "import" || steps[1] != "dead-code" {
		t.Errorf("reports %v, steps %v", reports, steps)
	}
	if last := reports[len(reports)-1]; last.Nodes != 1 {
		t.Errorf("last report is %+v", last)
	}
	if want := "input %x float32[1,2]\n%z float32[1,2] = Relu(%x)\noutput %z\n"; text(t, g) != want {
		t.Errorf("got\n%s", text(t, g))
	}
}

func TestRunErrors(t *testing.T) {
	full := errors.New("disk full")
	_, err := Run(parse(t, "input %x float32[2]\noutput %x"), func(int, string, *ir.Graph) error { return full })
	if !errors.Is(err, full) {
		t.Errorf("error of dump is lost: %v", err)
	}
	tests := []struct{ src, want string }{
		{"input %x float32[2]", "passes: illegal graph after import: ir: the graph has no outputs"},
		{"input %x float32[1,H]\noutput %x", `passes: bind-batch: input "x" is float32[1,H]`},
		{"input %x float32[2]\nconst %c float32[3] = {1, 2, 3}\n%y = Add(%x, %c) \"sum\"\noutput %y", `passes: fold-constants: ir: Add "sum": shapes [[2] [3]] do not broadcast`},
	}
	for _, test := range tests {
		if _, err := Run(parse(t, test.src), nil); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s\n got %v\nwant %s", test.src, err, test.want)
		}
	}
}
