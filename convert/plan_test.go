package convert

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ann2snn/ir"
	"ann2snn/snn"
)

// parsed reads a graph in text form and types its values.
func parsed(t testing.TB, text string) *ir.Graph {
	t.Helper()
	g, err := ir.Parse(text)
	if err == nil {
		err = g.Infer()
	}
	if err == nil {
		err = g.Verify()
	}
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return g
}

// describe writes a plan, a line per layer:
//
//	2 Sum 8x8x4 <- 1 0 | Rectify relu1 axis 1 (why the neurons stand there)
func describe(p *plan) string {
	var b strings.Builder
	for _, l := range p.layers {
		s := l.shape
		fmt.Fprintf(&b, "%d %s %dx%dx%d", l.index, kindOf(l.op), s.H, s.W, s.C)
		if len(l.in) > 0 {
			b.WriteString(" <-")
		}
		for _, in := range l.in {
			fmt.Fprintf(&b, " %d", in.index)
		}
		if n := l.neuron; n != nil {
			fmt.Fprintf(&b, " | %s %s axis %d", actNames[n.act.Fn], p.graph.Value(n.site.value).Name, n.site.axis)
			if n.why != "" {
				fmt.Fprintf(&b, " (%s)", n.why)
			}
		}
		b.WriteString("\n")
	}
	if p.output != nil && p.output.index != len(p.layers)-1 {
		fmt.Fprintf(&b, "output %d\n", p.output.index)
	}
	for _, h := range p.host {
		fmt.Fprintf(&b, "host %s\n", h.Name)
	}
	return b.String()
}

var actNames = map[snn.ActFn]string{
	snn.Rectify: "Rectify", snn.Linear: "Linear", snn.LeakyRelu: "LeakyRelu", snn.PRelu: "PRelu", snn.Clip: "Clip",
	snn.Sigmoid: "Sigmoid", snn.HardSigmoid: "HardSigmoid", snn.HardSwish: "HardSwish", snn.SiLU: "SiLU",
	snn.Tanh: "Tanh", snn.Elu: "Elu",
}

func kindOf(op operator) string {
	switch op := op.(type) {
	case input:
		if op.channelsFirst {
			return "Input"
		}
		return "Input(channel-last)"
	case *conv:
		return "Conv"
	case *dense:
		return "Dense"
	case *sum:
		return "Sum"
	case sumPool:
		return "SumPool"
	case maxPool:
		return "MaxPool"
	case joined:
		return "Concat"
	case gather:
		return "Gather"
	}
	return "hole"
}

var planTests = []struct {
	name  string
	graph string
	want  string
}{
	{
		"a convolution takes the ReLU behind it",
		`
input %x float32[1,3,8,8]
const %w float32[4,3,3,3] = ramp(-0.5, 0.01)
%c = Conv(%x, %w) "conv" {pads=[1,1,1,1] group=1}
%y = Relu(%c) "relu"
output %y`,
		`
0 Input 8x8x3
1 Conv 8x8x4 <- 0 | Rectify y axis 1
`,
	},
	{
		"a convolution that others read keeps its current",
		`
input %x float32[1,3,8,8]
const %w float32[3,3,1,1] = ramp(-0.5, 0.1)
%c = Conv(%x, %w) "conv" {group=1}
%r = Relu(%c) "relu"
%y = Add(%c, %r) "add"
output %y`,
		`
0 Input 8x8x3
1 Conv 8x8x3 <- 0
2 Sum 8x8x3 <- 1 | Rectify r axis 1
3 Sum 8x8x3 <- 1 2
`,
	},
	{
		"residual block: the sum takes the ReLU",
		`
input %x float32[1,3,8,8]
const %w float32[3,3,1,1] = ramp(-0.5, 0.1)
%c0 = Conv(%x, %w) "c0" {group=1}
%r0 = Relu(%c0) "r0"
%c1 = Conv(%r0, %w) "c1" {group=1}
%a = Add(%c1, %r0) "add"
%y = Relu(%a) "r1"
output %y`,
		`
0 Input 8x8x3
1 Conv 8x8x3 <- 0 | Rectify r0 axis 1
2 Conv 8x8x3 <- 1
3 Sum 8x8x3 <- 2 1 | Rectify y axis 1
`,
	},
	{
		"linear bottleneck: identity neurons on the sum and the convolutions that feed weights",
		`
input %x float32[1,3,8,8]
const %w float32[3,3,1,1] = ramp(-0.5, 0.1)
%p0 = Conv(%x, %w) "project0" {group=1}
%e1 = Conv(%p0, %w) "expand1" {group=1}
%r1 = Relu(%e1) "r1"
%p1 = Conv(%r1, %w) "project1" {group=1}
%a = Add(%p1, %p0) "add"
%e2 = Conv(%a, %w) "expand2" {group=1}
%y = Relu(%e2) "r2"
output %y`,
		`
0 Input 8x8x3
1 Conv 8x8x3 <- 0 | Linear p0 axis 1 (feeds the weights of expand1)
2 Conv 8x8x3 <- 1 | Rectify r1 axis 1
3 Conv 8x8x3 <- 2
4 Sum 8x8x3 <- 3 1 | Linear a axis 1 (feeds the weights of expand2)
5 Conv 8x8x3 <- 4 | Rectify y axis 1
`,
	},
	{
		"dense layers behind a flattened map permute their weights",
		`
input %x float32[1,2,4,4]
const %w float32[3,2,1,1] = ramp(-0.5, 0.1)
const %d float32[5,48] = ramp(-0.5, 0.01)
%c = Conv(%x, %w) "conv" {group=1}
%r = Relu(%c) "relu"
%f = Flatten(%r) "flat" {axis=1}
%y = Gemm(%f, %d) "fc" {alpha=1 beta=1 transB=true}
output %y`,
		`
0 Input 4x4x2
1 Conv 4x4x3 <- 0 | Rectify r axis 1
2 Dense 1x1x5 <- 1
`,
	},
	{
		"part of a flattened map is gathered",
		`
input %x float32[1,2,4,4]
const %w float32[3,2,1,1] = ramp(-0.5, 0.1)
const %starts int64[1] = {0}
const %ends int64[1] = {40}
const %axes int64[1] = {1}
const %d float32[40,5] = ramp(-0.5, 0.01)
%c = Conv(%x, %w) "conv" {group=1}
%r = Relu(%c) "relu"
%f = Flatten(%r) "flat" {axis=1}
%s = Slice(%f, %starts, %ends, %axes) "slice"
%y = MatMul(%s, %d) "fc"
output %y`,
		`
0 Input 4x4x2
1 Conv 4x4x3 <- 0 | Rectify r axis 1
2 Gather 1x1x40 <- 1
3 Dense 1x1x5 <- 2
`,
	},
	{
		"channel shuffle is one gather",
		`
input %x float32[1,2,4,4]
const %w float32[4,2,1,1] = ramp(-0.5, 0.1)
const %v float32[4,4,1,1] = ramp(-0.5, 0.1)
const %split int64[5] = {1, 2, 2, 4, 4}
const %merge int64[4] = {1, 4, 4, 4}
%c = Conv(%x, %w) "conv" {group=1}
%r = Relu(%c) "relu"
%g = Reshape(%r, %split) "split"
%t = Transpose(%g) "turn" {perm=[0,2,1,3,4]}
%m = Reshape(%t, %merge) "merge"
%y = Conv(%m, %v) "conv2" {group=1}
output %y`,
		`
0 Input 4x4x2
1 Conv 4x4x4 <- 0 | Rectify r axis 1
2 Gather 4x4x4 <- 1
3 Conv 4x4x4 <- 2
`,
	},
	{
		"a shuffle that mixes channels needs identity neurons before weights",
		`
input %x float32[1,4,4,4]
const %w float32[4,4,1,1] = ramp(-0.5, 0.1)
%c = Conv(%x, %w) "conv" {group=1}
%r = Relu(%c) "relu"
%t = Transpose(%r) "turn" {perm=[0,2,1,3]}
%y = Conv(%t, %w) "conv2" {group=1}
output %y`,
		`
0 Input 4x4x4
1 Conv 4x4x4 <- 0 | Rectify r axis 1
2 Gather 4x4x4 <- 1
3 Sum 4x4x4 <- 2 | Rectify t axis 1 (its levels differ in value within a channel)
4 Conv 4x4x4 <- 3
`,
	},
	{
		"an input that is channel-last is taken as it is",
		`
input %x float32[1,8,6,3]
const %w float32[4,3,1,1] = ramp(-0.5, 0.1)
%t = Transpose(%x) "nchw" {perm=[0,3,1,2]}
%c = Conv(%t, %w) "conv" {group=1}
%y = Relu(%c) "relu"
output %y`,
		`
0 Input(channel-last) 8x6x3
1 Conv 8x6x4 <- 0 | Rectify y axis 1
`,
	},
	{
		"normalising the input takes neurons of at least 8 bits",
		`
input %x float32[1,3,4,4]
const %mean float32[1,3,1,1] = {0.1, 0.2, 0.3}
const %std float32[1,3,1,1] = {2, 4, 8}
const %w float32[4,3,1,1] = ramp(-0.5, 0.1)
%s = Binary(%x, %mean) "sub" {fn=sub}
%d = Binary(%s, %std) "div" {fn=div}
%c = Conv(%d, %w) "conv" {group=1}
%y = Relu(%c) "relu"
output %y`,
		`
0 Input 4x4x3
1 Sum 4x4x3 <- 0 | Linear d axis 1 (feeds the weights of conv)
2 Conv 4x4x4 <- 1 | Rectify y axis 1
`,
	},
	{
		"pools read spikes",
		`
input %x float32[1,3,4,4]
const %w float32[3,3,1,1] = ramp(-0.5, 0.1)
%m = MaxPool(%x) "max" {kernel=[2,2] strides=[2,2]}
%c = Conv(%m, %w) "conv" {group=1}
%a = AveragePool(%c) "avg" {kernel=[2,2]}
%y = Conv(%a, %w) "conv2" {group=1}
output %y`,
		`
0 Input 4x4x3
1 Sum 4x4x3 <- 0 | Linear x axis 1 (is pooled by max)
2 MaxPool 2x2x3 <- 1
3 Conv 2x2x3 <- 2 | Linear c axis 1 (is pooled by avg)
4 SumPool 1x1x3 <- 3
5 Conv 1x1x3 <- 4
`,
	},
	{
		"an average over windows of different size cannot feed a convolution",
		`
input %x float32[1,3,4,4]
const %w float32[3,3,1,1] = ramp(-0.5, 0.1)
%c = Conv(%x, %w) "conv" {group=1}
%r = Relu(%c) "relu"
%a = AveragePool(%r) "avg" {kernel=[3,3] pads=[1,1,1,1]}
%y = Conv(%a, %w) "conv2" {group=1}
output %y`,
		`
0 Input 4x4x3
1 Conv 4x4x3 <- 0 | Rectify r axis 1
2 SumPool 4x4x3 <- 1
3 Sum 4x4x3 <- 2 | Rectify a axis 1 (its levels differ in value within a channel)
4 Conv 4x4x3 <- 3
`,
	},
	{
		"the same average can feed a dense layer",
		`
input %x float32[1,3,4,4]
const %w float32[3,3,1,1] = ramp(-0.5, 0.1)
const %d float32[48,2] = ramp(-0.5, 0.1)
const %shape int64[2] = {1, -1}
%c = Conv(%x, %w) "conv" {group=1}
%r = Relu(%c) "relu"
%a = AveragePool(%r) "avg" {kernel=[3,3] pads=[1,1,1,1]}
%f = Reshape(%a, %shape) "flat"
%y = MatMul(%f, %d) "fc"
output %y`,
		`
0 Input 4x4x3
1 Conv 4x4x3 <- 0 | Rectify r axis 1
2 SumPool 4x4x3 <- 1
3 Dense 1x1x2 <- 2
`,
	},
	{
		"a mean over the positions is a pool",
		`
input %x float32[1,3,4,4]
const %w float32[3,3,1,1] = ramp(-0.5, 0.1)
const %positions int64[2] = {2, 3}
%c = Conv(%x, %w) "conv" {group=1}
%r = Relu(%c) "relu"
%y = Reduce(%r, %positions) "mean" {fn=mean}
output %y`,
		`
0 Input 4x4x3
1 Conv 4x4x3 <- 0 | Rectify r axis 1
2 SumPool 1x1x3 <- 1
`,
	},
	{
		"a sum over the channels needs them to be positions, and one threshold",
		`
input %x float32[1,3,4,4]
const %w float32[3,3,1,1] = ramp(-0.5, 0.1)
const %channels int64[1] = {1}
%c = Conv(%x, %w) "conv" {group=1}
%r = Relu(%c) "relu"
%y = Reduce(%r, %channels) "sum" {fn=sum keepDims=true}
output %y`,
		`
0 Input 4x4x3
1 Conv 4x4x3 <- 0 | Rectify r axis -1
2 Gather 1x3x16 <- 1
3 Sum 1x3x16 <- 2 | Rectify r axis -1 (its levels differ in value within a channel)
4 SumPool 1x1x16 <- 3
`,
	},
	{
		"concatenated spikes join, currents beside them get identity neurons",
		`
input %x float32[1,3,4,4]
const %w float32[3,3,1,1] = ramp(-0.5, 0.1)
const %v float32[2,6,1,1] = ramp(-0.5, 0.1)
%c0 = Conv(%x, %w) "c0" {group=1}
%r = Relu(%c0) "r0"
%c1 = Conv(%r, %w) "c1" {group=1}
%j = Concat(%r, %c1) "join" {axis=1}
%y = Conv(%j, %v) "c2" {group=1}
output %y`,
		`
0 Input 4x4x3
1 Conv 4x4x3 <- 0 | Rectify r axis 1
2 Conv 4x4x3 <- 1 | Linear c1 axis 1 (joined with other signals by join)
3 Concat 4x4x6 <- 1 2
4 Conv 4x4x2 <- 3
`,
	},
	{
		"concatenation along another axis goes by way of vectors",
		`
input %x float32[1,3,2,2]
const %w float32[3,3,1,1] = ramp(-0.5, 0.1)
const %d float32[24,2] = ramp(-0.5, 0.1)
const %shape int64[2] = {1, 24}
%c0 = Conv(%x, %w) "c0" {group=1}
%a = Relu(%c0) "a"
%c1 = Conv(%a, %w) "c1" {group=1}
%b = Relu(%c1) "b"
%j = Concat(%a, %b) "join" {axis=2}
%f = Reshape(%j, %shape) "flat"
%y = MatMul(%f, %d) "fc"
output %y`,
		`
0 Input 2x2x3
1 Conv 2x2x3 <- 0 | Rectify a axis 1
2 Conv 2x2x3 <- 1 | Rectify b axis 1
3 Gather 1x1x12 <- 1
4 Gather 1x1x12 <- 2
5 Concat 1x1x24 <- 3 4
6 Dense 1x1x2 <- 5
`,
	},
	{
		"a product with several rows is a convolution over them",
		`
input %x float32[1,5,4]
const %w float32[4,6] = ramp(-0.5, 0.1)
const %v float32[6,4] = ramp(-0.5, 0.1)
const %bias float32[6] = ramp(0, 0.1)
%m = MatMul(%x, %w) "up"
%b = Add(%m, %bias) "bias"
%r = Relu(%b) "relu"
%n = MatMul(%r, %v) "down"
%y = Add(%n, %x) "skip"
output %y`,
		`
0 Input 1x4x5
1 Gather 1x5x4 <- 0
2 Conv 1x5x6 <- 1
3 Sum 1x5x6 <- 2 | Rectify r axis 2
4 Conv 1x5x4 <- 3
5 Gather 1x4x5 <- 4
6 Sum 1x4x5 <- 5 0
`,
	},
	{
		"activations of every kind",
		`
input %x float32[1,2]
const %w float32[2,2] = {1, 2, 3, 4}
const %slope float32[2] = {0.25, 0.5}
const %low float32[] = {-1}
const %high float32[] = {6}
const %zero float32[] = {0}
%a0 = MatMul(%x, %w) "m0"
%a = LeakyRelu(%a0) "a" {alpha=0.1}
%b0 = MatMul(%a, %w) "m1"
%b = PRelu(%b0, %slope) "b"
%c0 = MatMul(%b, %w) "m2"
%c = Clip(%c0, %low, %high) "c"
%d0 = MatMul(%c, %w) "m3"
%d = Clip(%d0, %zero) "d"
%e0 = MatMul(%d, %w) "m4"
%e = Sigmoid(%e0) "e"
%f0 = MatMul(%e, %w) "m5"
%f = HardSigmoid(%f0) "f" {alpha=0.2 beta=0.5}
%g0 = MatMul(%f, %w) "m6"
%g = HardSwish(%g0) "g"
%h0 = MatMul(%g, %w) "m7"
%h = SiLU(%h0) "h"
%i0 = MatMul(%h, %w) "m8"
%i = Tanh(%i0) "i"
%j0 = MatMul(%i, %w) "m9"
%j = Elu(%j0) "j" {alpha=1}
output %j`,
		`
0 Input 1x1x2
1 Dense 1x1x2 <- 0 | LeakyRelu a axis 1
2 Dense 1x1x2 <- 1 | PRelu b axis 1
3 Dense 1x1x2 <- 2 | Clip c axis 1
4 Dense 1x1x2 <- 3 | Rectify d axis 1
5 Dense 1x1x2 <- 4 | Sigmoid e axis 1
6 Dense 1x1x2 <- 5 | HardSigmoid f axis 1
7 Dense 1x1x2 <- 6 | HardSwish g axis 1
8 Dense 1x1x2 <- 7 | SiLU h axis 1
9 Dense 1x1x2 <- 8 | Tanh i axis 1
10 Dense 1x1x2 <- 9 | Elu j axis 1
`,
	},
	{
		"a ReLU of what is never negative is nothing",
		`
input %x float32[1,3,4,4]
const %w float32[3,3,1,1] = ramp(-0.5, 0.1)
%c = Conv(%x, %w) "conv" {group=1}
%r = Relu(%c) "relu"
%a = AveragePool(%r) "avg" {kernel=[2,2]}
%y = Relu(%a) "again"
output %y`,
		`
0 Input 4x4x3
1 Conv 4x4x3 <- 0 | Rectify r axis 1
2 SumPool 3x3x3 <- 1
`,
	},
	{
		"an activation behind moves stands where the current is",
		`
input %x float32[1,3,4,4]
const %w float32[3,3,1,1] = ramp(-0.5, 0.1)
const %shape int64[2] = {1, -1}
%c = Conv(%x, %w) "conv" {group=1}
%f = Reshape(%c, %shape) "flat"
%y = Relu(%f) "relu"
output %y`,
		`
0 Input 4x4x3
1 Conv 4x4x3 <- 0 | Rectify y axis -1
`,
	},
	{
		"an affine map that folding left over",
		`
input %x float32[1,3,4,4]
const %w float32[3,3,1,1] = ramp(-0.5, 0.1)
const %p float32[3] = {1, 2, 3}
%c = Conv(%x, %w) "conv" {group=1}
%r = Relu(%c) "relu"
%b = BatchNormalization(%r, %p, %p, %p, %p) "norm" {epsilon=0.001}
%n = Unary(%b) "neg" {fn=neg}
%y = Conv(%n, %w) "conv2" {group=1}
output %y`,
		`
0 Input 4x4x3
1 Conv 4x4x3 <- 0 | Rectify r axis 1
2 Sum 4x4x3 <- 1 | Linear n axis 1 (feeds the weights of conv2)
3 Conv 4x4x3 <- 2
`,
	},
	{
		"a stream of sums: each reads what the sums before it read",
		`
input %x float32[1,3,2,2]
const %w float32[3,3,1,1] = ramp(-0.5, 0.1)
%s0 = Conv(%x, %w) "stem" {group=1}
%r0 = Relu(%s0) "r0"
%c1 = Conv(%r0, %w) "c1" {group=1}
%s1 = Add(%s0, %c1) "s1"
%r1 = Relu(%s1) "r1"
%c2 = Conv(%r1, %w) "c2" {group=1}
%s2 = Add(%s1, %c2) "s2"
%y = Relu(%s2) "r2"
output %y`,
		`
0 Input 2x2x3
1 Conv 2x2x3 <- 0
2 Sum 2x2x3 <- 1 | Rectify r0 axis 1
3 Conv 2x2x3 <- 2
4 Sum 2x2x3 <- 1 3 | Rectify r1 axis 1
5 Conv 2x2x3 <- 4
6 Sum 2x2x3 <- 1 3 5 | Rectify y axis 1
`,
	},
	{
		"a bias per element makes every element a channel",
		`
input %x float32[1,3,2,2]
const %w float32[3,3,1,1] = ramp(-0.5, 0.1)
const %b float32[1,1,2,2] = {1, 2, 3, 4}
%c = Conv(%x, %w) "conv" {group=1}
%a = Add(%c, %b) "add"
%y = Relu(%a) "relu"
output %y`,
		`
0 Input 2x2x3
1 Conv 2x2x3 <- 0
2 Gather 1x1x12 <- 1
3 Sum 1x1x12 <- 2 | Rectify y axis -1
4 Gather 2x2x3 <- 3
`,
	},
	{
		"broadcasting over positions gathers",
		`
input %x float32[1,3,2,2]
const %w float32[3,3,1,1] = ramp(-0.5, 0.1)
%c = Conv(%x, %w) "conv" {group=1}
%r = Relu(%c) "relu"
%m = GlobalMaxPool(%r) "max"
%a = Add(%c, %m) "add"
%y = Relu(%a) "relu2"
output %y`,
		`
0 Input 2x2x3
1 Conv 2x2x3 <- 0
2 Sum 2x2x3 <- 1 | Rectify r axis 1
3 MaxPool 1x1x3 <- 2
4 Gather 2x2x3 <- 3
5 Sum 2x2x3 <- 1 4 | Rectify y axis 1
`,
	},
	{
		"the readout stays a current where weights read it, too",
		`
input %x float32[1,3]
const %w float32[3,3] = ramp(-0.5, 0.1)
%y = MatMul(%x, %w) "fc"
%p = Softmax(%y) "prob" {axis=1}
%z = MatMul(%y, %w) "fc2"
%q = Relu(%z) "relu"
output %p, %q`,
		`
0 Input 1x1x3
1 Dense 1x1x3 <- 0
host prob
`,
	},
	{
		"softmax and sigmoid at the output are host operators, also in front of moves",
		`
input %x float32[1,3,1,1]
const %w float32[4,3,1,1] = ramp(-0.5, 0.1)
const %shape int64[2] = {1, 4}
%c = Conv(%x, %w) "conv" {group=1}
%s = Sigmoid(%c) "sigmoid"
%p = Softmax(%s) "prob" {axis=1}
%y = Reshape(%p, %shape) "flat"
output %y`,
		`
0 Input 1x1x3
1 Conv 1x1x4 <- 0
host sigmoid
host prob
`,
	},
	{
		"an output in another order than the layer's is gathered",
		`
input %x float32[1,3,2,2]
const %w float32[4,3,1,1] = ramp(-0.5, 0.1)
%c = Conv(%x, %w) "conv" {group=1}
%r = Relu(%c) "relu"
%y = Transpose(%r) "nhwc" {perm=[0,2,3,1]}
output %y`,
		`
0 Input 2x2x3
1 Conv 2x2x4 <- 0 | Rectify r axis 1
2 Gather 2x4x2 <- 1
`,
	},
}

func TestPlan(t *testing.T) {
	for _, tt := range planTests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := newPlan(parsed(t, tt.graph))
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range p.nodes {
				if n.Class == Unsupported {
					t.Errorf("%s %q: %s", n.Op, n.Name, n.Reason)
				}
			}
			if diff := cmp.Diff(strings.TrimPrefix(tt.want, "\n"), describe(p)); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
		})
	}
}
