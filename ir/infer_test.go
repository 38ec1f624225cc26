package ir

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// inferText infers "Kind {attributes} (type, type = constant, _)" and returns the output
// types, separated by blanks, or the error.
func inferText(t *testing.T, src string) string {
	t.Helper()
	head, inputs, _ := strings.Cut(src, "(")
	g := parseNode(t, head, inputs)
	types, err := g.NodeTypes(0)
	if err != nil {
		_, what, _ := strings.Cut(err.Error(), `"node": `)
		return "error: " + what
	}
	var text []string
	for _, typ := range types {
		s := typ.String()
		if typ.Const != nil {
			s += tensorValues(typ.Const, true)
		}
		text = append(text, s)
	}
	return strings.Join(text, " ")
}

// parseNode makes a graph of one node called "node" with as many outputs as its
// operator can give in the tests.
func parseNode(t *testing.T, head, inputs string) *Graph {
	t.Helper()
	var text, args []string
	for i, in := range strings.Split(strings.TrimSuffix(inputs, ")"), ";") {
		name := "%" + string(rune('a'+i))
		typ, value, isConst := strings.Cut(strings.TrimSpace(in), "=")
		switch {
		case typ == "":
			continue
		case typ == "_":
			name = "_"
		case isConst:
			text = append(text, "const "+name+" "+typ+"="+value)
		default:
			text = append(text, "input "+name+" "+typ)
		}
		args = append(args, name)
	}
	kind, attributes, _ := strings.Cut(head, " ")
	outs := "%o"
	if kind == "Split" {
		outs = "%o, %p, %q"
	}
	if kind == "Dropout" {
		outs = "%o, %p"
	}
	text = append(text, outs+" = "+kind+"("+strings.Join(args, ",")+`) "node" `+attributes)
	g, err := Parse(strings.Join(text, "\n"))
	if err != nil {
		t.Fatalf("%v in\n%s", err, strings.Join(text, "\n"))
	}
	return g
}

func TestInfer(t *testing.T) {
	tests := []struct{ src, want string }{
		{"Add (float32[2,1,3]; float32[4,1])", "float32[2,4,3]"},
		{"Add (float32[N,3]; float32[1,3])", "float32[N,3]"},
		{"Add (float32[N,3]; float32[N,1])", "float32[N,3]"},
		{"Add (float32[N,3]; float32[M,1])", "float32[?,3]"},
		{"Add (float32[N]; float32[5])", "float32[5]"},
		{"Add (float32; float32[5])", "float32"},
		{"Add (float32[]; int64[])", "error: input 1 is int64, but input 0 is float32"},
		{"Add (float32[2]; float32[3])", "error: shapes [[2] [3]] do not broadcast"},
		{"Add (float32[2])", "error: input 1 is missing"},
		{"Add (float32[2]; _)", "error: input 1 is missing"},
		{"Add (bool[2]; bool[2])", "error: input 0 is bool, want [float32 int64]"},
		{"Add (float32[2]; float32[2]; float32[2])", "error: has 3 inputs, takes at most 2"},
		{"Add (float32[65536,1]; float32[65536])", "error: [65536,65536] has more than 2147483647 elements"},
		{"Add (float32[0,65536,1]; float32[65536])", "float32[0,65536,65536]"},

		{"AveragePool {kernel=[2,2] strides=[2,2]} (float32[1,3,7,8])", "float32[1,3,3,4]"},
		{"AveragePool {kernel=[2,2] strides=[2,2] ceil=true} (float32[1,3,7,8])", "float32[1,3,4,4]"},
		{"AveragePool {kernel=[2]} (float32[1,3,7,8])", "error: input [1,3,7,8] does not suit a window of [2]"},
		{"AveragePool {kernel=[2,2]} (int64[1,3,7,8])", "error: input 0 is int64, want [float32]"},

		{"BatchNormalization (float32[N,3,8]; float32[3]; float32[3]; float32[3]; float32[3])", "float32[N,3,8]"},
		{"BatchNormalization (float32[N,3,8]; float32[3]; float32[4]; float32[3]; float32[3])", "error: input 2 has shape [4], want one element for each channel of [N,3,8]"},
		{"BatchNormalization (float32[3]; float32[3]; float32[3]; float32[3]; float32[3])", "error: input has shape [3], want at least 2 axes"},
		{"BatchNormalization (float32[1,3]; float32[3])", "error: input 2 is missing"},

		{"Binary {fn=mul} (float32[2,1]; float32[3])", "float32[2,3]"},
		{"Binary {fn=equal} (int64[2]; int64[1])", "bool[2]"},
		{"Binary {fn=equal} (bool[2]; bool[1])", "bool[2]"},
		{"Binary {fn=pow} (float32[2]; int64[1])", "float32[2]"},
		{"Binary {fn=div} (float32[2]; int64[1])", "error: input 1 is int64, but input 0 is float32"},
		{"Binary {fn=div} (bool[2]; bool[1])", "error: input 0 is bool, want [float32 int64]"},
		{"ArgMax {axis=1} (float32[2,3,4])", "int64[2,1,4]"},
		{"ArgMax {axis=-1 keepDims=false} (int64[2,3])", "int64[2]"},
		{"ArgMax (float32)", "int64"},
		{"ArgMax {axis=2} (float32[2,3])", "error: axis 2 does not exist in 2 axes"},
		{"Binary {fn=less} (int64[2]; int64[1])", "bool[2]"},
		{"Binary {fn=max} (int64[2]; int64[2,1])", "int64[2,2]"},
		{"Binary {fn=xor} (bool[2]; bool[1])", "bool[2]"},
		{"Binary {fn=or} (int64[2]; int64[1])", "error: input 0 is int64, want [bool]"},
		{"Reduce {fn=l2} (int64[2])", "error: the root of integers is not supported"},
		{"Reduce {fn=largest keepDims=false} (int64[2,3]; int64[1] = {0})", "int64[3]"},
		{"GroupNormalization {groups=2} (float32[1,4,3]; float32[4]; float32[4])", "float32[1,4,3]"},
		{"GroupNormalization {groups=3} (float32[1,4,3]; float32[4]; float32[4])", "error: 4 channels do not divide into 3 groups"},
		{"InstanceNormalization (float32[1,4,3]; float32[4]; float32[4])", "float32[1,4,3]"},
		{"InstanceNormalization (float32[1,4,3]; float32[4])", "error: input 2 is missing"},
		{"LayerNormalization (float32[N,4]; float32[4])", "float32[N,4]"},
		{"LayerNormalization {axis=2} (float32[1,4]; float32[4])", "error: axis 2 does not exist in 2 axes"},
		{"GatherElements {axis=1} (float32[2,3]; int64[2,1] = {0, -3})", "float32[2,1]"},
		{"GatherElements {axis=1} (float32[2,3]; int64[2,1] = {0, 3})", "error: index 3 does not exist in an axis of length 3"},
		{"GatherElements {axis=1} (float32[2,3]; int64[3,1])", "error: indices [3,1] reach beyond [2,3]"},
		{"GatherElements (float32[2,3]; int64[2])", "error: indices [2] for [2,3]"},
		{"Range (int64[] = {1}; int64[] = {6}; int64[] = {2})", "int64[3]"},
		{"Range (float32[] = {0}; float32[] = {-1}; float32[] = {-0.25})", "float32[4]"},
		{"Range (int64[] = {1}; int64[]; int64[] = {2})", "int64[?]"},
		{"Range (int64[] = {3}; int64[] = {1}; int64[] = {2})", "int64[0]"},
		{"Range (int64[] = {0}; int64[] = {1}; int64[] = {0})", "error: there is no range from 0 to 1 in steps of 0"},
		{"Range (int64[] = {0}; int64[] = {10000000000}; int64[] = {1})", "error: there is no range from 0 to 1e+10 in steps of 1"},
		{"Trilu (float32[2,N]; int64[])", "float32[2,N]"},
		{"Trilu (float32[2])", "error: [2] is no matrix"},
		{"Trilu (float32[2,2]; int64[2])", "error: the diagonal has 2 elements, want 1"},
		{"Trilu (float32[2,2]; float32[])", "error: input 1 is float32, want [int64]"},
		{"Tile (float32[2,N]; int64[2] = {3, 1})", "float32[6,N]"},
		{"Tile (float32[2]; int64[2] = {3, 1})", "error: 2 repeats for 1 axes"},
		{"Tile (float32[2]; int64[1] = {-1})", "error: repeats axis 0 -1 times"},
		{"Binary {fn=pow} (bool[2]; bool[1])", "error: input 0 is bool, want [float32 int64]"},

		{"Cast {to=int64} (bool[2,N])", "int64[2,N]"},
		{"Cast (bool[2])", "error: cannot cast to invalid"},

		{"Clip (float32[2]; _; float32[])", "float32[2]"},
		{"Clip (int64[2]; int64[1])", "int64[2]"},
		{"Clip (float32[2]; float32[2])", "error: min has shape [2], want one element"},
		{"Clip (float32[2]; _; int64[])", "error: input 2 is int64, but input 0 is float32"},

		{"Concat {axis=1} (float32[N,3,4]; float32[N,5,4])", "float32[N,8,4]"},
		{"Concat {axis=-1} (int64[1]; int64[2]; int64[N])", "int64[?]"},
		{"Concat (float32[?,4]; float32[3,?])", "float32[?,4]"},
		{"Concat {axis=1} (float32[?,4]; float32[3,2])", "float32[3,6]"},
		{"Concat {axis=1} (float32[2,4]; float32[3,4])", "error: input 1 has shape [3,4], does not join [2,4] along axis 1"},
		{"Concat {axis=1} (float32[2,4]; float32[2])", "error: input 1 has shape [2], does not join [2,4]"},
		{"Concat {axis=2} (float32[2,4])", "error: axis 2 does not exist in 2 axes"},
		{"Concat (float32[2]; int64[2])", "error: input 1 is int64, but input 0 is float32"},
		{"Concat (float32[2147483647]; float32[2147483647])", "error: axis 0 of [4294967294] is longer than 2147483647"},
		{"Concat ()", "error: input 0 is missing"},

		{"ConstantOfShape (int64[2] = {2, 3})", "float32[2,3]"},
		{"ConstantOfShape {value=int64[1]{7}} (int64[0] = {})", "int64[]"},
		{"ConstantOfShape (int64[2])", "error: shape is not constant"},
		{"ConstantOfShape (int64[2] = {2, -1})", "error: shape [2 -1]: length -1 of axis 1 is out of range"},
		{"ConstantOfShape (int64[2] = {99999, 99999})", "error: [99999,99999] has more than 2147483647 elements"},
		{"ConstantOfShape {value=int64[2]{7, 8}} (int64[0] = {})", "error: the fill value must have one element"},

		{"Conv (float32[1,3,8,8]; float32[4,3,3,3])", "float32[1,4,6,6]"},
		{"Conv {strides=[2,2] pads=[1,1,1,1]} (float32[N,3,8,9]; float32[4,3,3,3]; float32[4])", "float32[N,4,4,5]"},
		{"Conv {dilations=[2]} (float32[1,3,8]; float32[4,3,3])", "float32[1,4,4]"},
		{"Conv {group=3} (float32[1,3,8]; float32[6,1,3])", "float32[1,6,6]"},
		{"Conv {autoPad=same_upper strides=[2,2]} (float32[1,3,7,8]; float32[4,3,3,3])", "float32[1,4,4,4]"},
		{"Conv {autoPad=valid strides=[2]} (float32[1,3,8]; float32[4,3,3])", "float32[1,4,3]"},
		{"Conv {pads=[1,1,1,1]} (float32[1,3,H,8]; float32[4,3,3,3])", "float32[1,4,?,8]"},
		{"Conv (float32; float32[4,3,3,3])", "float32"},
		{"Conv {group=2} (float32[1,3,8]; float32[4,3,3])", "error: input [1,3,8] has other than 2 groups of 3 channels (weight [4,3,3])"},
		{"Conv {group=2} (float32[1,6,8]; float32[5,3,3])", "error: 5 output channels do not split into 2 groups"},
		{"Conv {group=0} (float32[1,6,8]; float32[5,3,3])", "error: group is 0, want at least 1"},
		{"Conv {group=4611686018427387904} (float32[1,0,8]; float32[5,4,3])", "error: input [1,0,8] has other than 4611686018427387904 groups of 4 channels (weight [5,4,3])"},
		{"Conv {ceil=true} (float32[1,3,8]; float32[4,3,3])", "error: a convolution cannot round its output length up"},
		{"Conv (float32[1,3,2]; float32[4,3,3])", "error: spatial axis 0: a window that reaches over 3 elements does not fit 2 padded by 0 and 0"},
		{"Conv (float32[1,3,8]; float32[4,3,3,3])", "error: input [1,3,8] and weight [4,3,3,3] do not go together"},
		{"Conv (float32[1,3,8]; float32[4,3,K])", "error: weight shape [4,3,K] is not known"},
		{"Conv (float32[1,3,8]; float32[4,3,3]; float32[3])", "error: bias has shape [3], want [4]"},
		{"Conv {strides=[0]} (float32[1,3,8]; float32[4,3,3])", "error: strides [0] are out of range"},
		{"Conv {dilations=[-1]} (float32[1,3,8]; float32[4,3,3])", "error: dilations [-1] are out of range"},
		{"Conv {pads=[-1,0]} (float32[1,3,8]; float32[4,3,3])", "error: pads [-1 0] are out of range"},
		{"Conv {pads=[1]} (float32[1,3,8]; float32[4,3,3])", "error: pads [1], want 2"},
		{"Conv {strides=[1,1]} (float32[1,3,8]; float32[4,3,3])", "error: strides [1 1], want 1"},
		{"Conv (float32[1,3,8]; float32[4,3,0])", "error: kernel lengths [0] are out of range"},
		{"Conv {pads=[2147483647,2147483647]} (float32[1,3,8]; float32[4,3,3])", "error: axis 2 of [1,4,4294967300] is longer than 2147483647"},

		{"Celu (float32[N,3])", "float32[N,3]"},
		{"Celu {alpha=0} (float32[N,3])", "error: alpha is 0, want more than 0"},

		{"ConvTranspose (float32[N,4,5,W]; float32[4,3,3,3]; float32[3])", "float32[N,3,7,?]"},
		{"ConvTranspose {group=2 strides=[2,3] pads=[1,0,1,0] outputPadding=[1,0]} (float32[1,4,5,5]; float32[4,3,3,2])", "float32[1,6,10,14]"},
		{"ConvTranspose {strides=[2] autoPad=same_upper} (float32[1,4,5]; float32[4,3,3])", "float32[1,3,10]"},
		{"ConvTranspose {strides=[2] outputShape=[12]} (float32[1,4,5]; float32[4,3,3])", "float32[1,3,12]"},
		{"ConvTranspose {dilations=[2]} (float32[1,4,5]; float32[4,3,3])", "float32[1,3,9]"},
		{"ConvTranspose (float32; float32[4,3,3])", "float32"},
		{"ConvTranspose (float32[1,5,5]; float32[4,3,3])", "error: input [1,5,5] has other than the 4 channels of weight [4,3,3]"},
		{"ConvTranspose {group=3} (float32[1,4,5]; float32[4,3,3])", "error: 4 input channels do not split into 3 groups"},
		{"ConvTranspose (float32[1,4,5]; float32[4,3,3]; float32[2])", "error: bias has shape [2], want [3]"},
		{"ConvTranspose {pads=[1,1]} (float32[1,4,1]; float32[4,3,2])", "error: spatial axis 0: nothing is left of 2 outputs after padding by 1 and 1"},
		{"ConvTranspose {outputPadding=[1,1]} (float32[1,4,1]; float32[4,3,2])", "error: a window of [2], output padding [1 1] and output shape [] do not suit 1 spatial axes"},
		{"DepthToSpace {block=2} (float32[1,12,2,3])", "float32[1,3,4,6]"},
		{"DepthToSpace {block=2 crd=true} (float32[N,?,2,W])", "float32[N,?,4,?]"},
		{"DepthToSpace {block=2} (float32)", "float32"},
		{"DepthToSpace {block=2} (float32[1,6,2,3])", "error: 6 channels do not make blocks of 2 x 2"},
		{"DepthToSpace {block=2} (float32[1,6,2])", "error: input has shape [1,6,2], want 4 axes"},
		{"DepthToSpace {block=0} (float32[1,4,1,1])", "error: blocks of 0 positions, want 1 to 32768"},
		{"DequantizeLinear (int64[2,3]; float32[]; int64[])", "float32[2,3]"},
		{"DequantizeLinear {axis=-1} (int64[2,3]; float32[3])", "float32[2,3]"},
		{"DequantizeLinear {axis=0 block=2} (int64[4,3]; float32[2,3])", "float32[4,3]"},
		{"DequantizeLinear {axis=0} (int64[2,3]; float32[3])", "error: the scale has shape [3], want [2] or one element"},
		{"DequantizeLinear {axis=2} (int64[2,3]; float32[3])", "error: axis 2 does not exist in 2 axes"},
		{"DequantizeLinear (float32[2]; float32[])", "error: input 0 is float32, want [int64]"},

		{"Dropout (float32[N,3])", "float32[N,3] bool[N,3]"},
		{"Dropout (int64[3])", "error: input 0 is int64, want [float32]"},

		{"Elu (float32[N,3])", "float32[N,3]"},
		{"Elu (int64[N,3])", "error: input 0 is int64, want [float32]"},

		{"Expand (float32[3,1]; int64[3] = {2, 1, 6})", "float32[2,3,6]"},
		{"Expand (float32[3,4]; int64[1] = {1})", "float32[3,4]"},
		{"Expand (float32[3]; int64[1] = {2})", "error: shapes [[3] [2]] do not broadcast"},
		{"Expand (float32[3]; int64[1])", "error: shape is not constant"},
		{"Expand (float32[1]; int64[2] = {65536, 65536})", "error: [65536,65536] has more than 2147483647 elements"},
		{"Expand (float32[1]; int64[1] = {-1})", "error: shape [-1]: length -1 of axis 0 is out of range"},

		{"FakeQuant {low=-128 high=127} (float32[2,3]; float32[])", "float32[2,3]"},
		{"FakeQuant (float32[2,3]; float32[])", "error: the range 0 to 0 is empty"},
		{"FakeQuant {high=1} (float32[2,3]; float32[2])", "error: the scale has shape [2], want [3] or one element"},

		{"Flatten (float32[2,3,4,5])", "float32[2,60]"},
		{"Flatten {axis=0} (float32[2,3])", "float32[1,6]"},
		{"Flatten {axis=2} (float32[2,3])", "float32[6,1]"},
		{"Flatten {axis=-1} (float32[2,3,4])", "float32[6,4]"},
		{"Flatten (float32[N,3,4])", "float32[N,12]"},
		{"Flatten {axis=2} (float32[N,3,4])", "float32[?,4]"},
		{"Flatten {axis=3} (float32[2,3])", "error: axis 3 does not cut [2,3] in two"},

		{"Gather {axis=1} (float32[2,3,4]; int64[5,6])", "float32[2,5,6,4]"},
		{"Gather (int64[4]; int64[] = {-1})", "int64[]"},
		{"Gather (int64[4]; int64[] = {4})", "error: index 4 does not exist in an axis of length 4"},
		{"Gather (int64[4]; int64[] = {-5})", "error: index -5 does not exist in an axis of length 4"},
		{"Gather {axis=1} (int64[4]; int64[])", "error: axis 1 does not exist in 1 axes"},
		{"Gather (int64[4]; float32[])", "error: input 1 is float32, want [int64]"},

		{"Gemm (float32[N,3]; float32[3,4])", "float32[N,4]"},
		{"Gemm {transA=true transB=true} (float32[3,2]; float32[4,3]; float32[2,1])", "float32[2,4]"},
		{"Gemm (float32[2,3]; float32[4,5])", "error: cannot multiply [2,3] by [4,5]"},
		{"Gemm (float32[2,3]; float32[3,5]; float32[4])", "error: shape [4] does not broadcast to [2,5]"},
		{"Gemm (float32[1,3]; float32[3,5]; float32[2,5])", "error: shape [2,5] does not broadcast to [1,5]"},
		{"Gemm (float32[2,3,4]; float32[4,5])", "error: [2,3,4] is not a matrix"},

		{"GlobalAveragePool (float32[N,3,8,8])", "float32[N,3,1,1]"},
		{"GlobalAveragePool (float32[N,3])", "error: input [N,3] has no spatial axes"},
		{"GlobalMaxPool (float32[N,3,8])", "float32[N,3,1]"},
		{"HardSigmoid (float32[2])", "float32[2]"},
		{"HardSwish (float32[2])", "float32[2]"},
		{"Identity (bool[2])", "bool[2]"},
		{"Identity ()", "error: input 0 is missing"},
		{"LeakyRelu (float32[2])", "float32[2]"},
		{"LogSoftmax (float32[2,3])", "float32[2,3]"},
		{"LogSoftmax {axis=2} (float32[2,3])", "error: axis 2 does not exist in 2 axes"},

		{"MatMul (float32[2,3]; float32[3,4])", "float32[2,4]"},
		{"MatMul (float32[3]; float32[3])", "float32[]"},
		{"MatMul (float32[3]; float32[5,3,4])", "float32[5,4]"},
		{"MatMul (float32[5,2,3]; float32[3])", "float32[5,2]"},
		{"MatMul (float32[5,1,2,3]; float32[6,3,4])", "float32[5,6,2,4]"},
		{"MatMul (float32[2,3]; float32[4,3])", "error: cannot multiply [2,3] by [4,3]: inner lengths differ"},
		{"MatMul (float32[]; float32[3])", "error: cannot multiply [] by [3]: want at least one axis each"},
		{"MatMul (float32[5,2,3]; float32[6,3,4])", "error: shapes [[5] [6]] do not broadcast"},

		{"MaxPool {kernel=[3,3] strides=[2,2] pads=[1,1,1,1]} (float32[1,3,8,8])", "float32[1,3,4,4]"},
		{"MaxPool {kernel=[3,3] strides=[2,2] ceil=true} (float32[1,3,8,8])", "float32[1,3,4,4]"},
		{"MaxPool {kernel=[2] strides=[2] pads=[1,1] ceil=true} (float32[1,3,5])", "float32[1,3,3]"},
		{"MaxPool {kernel=[2] strides=[3] ceil=true} (float32[1,3,3])", "float32[1,3,1]"},
		{"MaxPool {kernel=[2] pads=[2,0]} (float32[1,3,8])", "error: padding of 2 reaches beyond the window of [2]"},
		{"MaxPool (float32[1,3])", "error: input [1,3] does not suit a window of []"},
		{"MaxPool {kernel=[9]} (float32[1,3,8])", "error: spatial axis 0: a window that reaches over 9 elements does not fit 8 padded by 0 and 0"},

		{"PRelu (float32[N,3,8]; float32[3,1])", "float32[N,3,8]"},
		{"PRelu (float32[3,8]; float32[2,3,8])", "error: shape [2,3,8] does not broadcast to [3,8]"},

		{"Pad (float32[2,3]; int64[4] = {0, 1, 2, 3})", "float32[4,7]"},
		{"Pad (float32[2,3]; int64[4] = {0, -1, 0, -1})", "float32[2,1]"},
		{"Pad (float32[2,3]; int64[2] = {1, 2}; _; int64[1] = {-1})", "float32[2,6]"},
		{"Pad {mode=reflect} (float32[2,3]; int64[4] = {0, 2, 0, 2})", "float32[2,7]"},
		{"Pad {mode=edge} (float32[1]; int64[2] = {2, 2})", "float32[5]"},
		{"Pad {mode=wrap} (float32[3]; int64[2] = {3, 3})", "float32[9]"},
		{"Pad (float32[N,3]; int64[4] = {0, 1, 0, 1})", "float32[N,5]"},
		{"Pad (float32[N]; int64[2] = {1, 1})", "float32[?]"},
		{"Pad {mode=reflect} (float32[3]; int64[2] = {3, 0})", "error: axis 0 of [3]: cannot pad 3 elements by 3 in reflect mode"},
		{"Pad {mode=wrap} (float32[3]; int64[2] = {4, 0})", "error: axis 0 of [3]: cannot pad 3 elements by 4 in wrap mode"},
		{"Pad {mode=edge} (float32[0]; int64[2] = {1, 0})", "error: axis 0 of [0]: cannot pad 0 elements by 1 in edge mode"},
		{"Pad (float32[2]; int64[2] = {-2, -1})", "error: axis 0 of [2]: cannot cut 2 and 1 elements off"},
		{"Pad (float32[2]; int64[1] = {1})", "error: 1 pads for 1 axes"},
		{"Pad (float32[2]; int64[2])", "error: pads is not constant"},
		{"Pad (float32[2]; int64[2] = {1, 1}; int64[])", "error: value is int64, but the input float32"},
		{"Pad (float32[2]; int64[2] = {1, 9223372036854775807})", "error: pads 1 and 9223372036854775807 of axis 0 are out of range"},
		{"Pad (float32[2]; int64[2] = {1, -9223372036854775808})", "error: pads 1 and -9223372036854775808 of axis 0 are out of range"},

		{"QuantizeLinear {high=255} (float32[2,3]; float32[]; int64[])", "int64[2,3]"},
		{"QuantizeLinear {high=255} (float32[2,3]; float32[2]; int64[])", "error: the scale has shape [2], want [3] or one element"},
		{"QuantizeLinear {low=3 high=3} (float32[2,3]; float32[])", "error: the range 3 to 3 is empty"},

		{"Reduce (float32[2,3,4]; int64[1] = {-1})", "float32[2,3,1]"},
		{"Reduce {keepDims=false fn=sum} (float32[2,3,4]; int64[2] = {2, 0})", "float32[3]"},
		{"Reduce {keepDims=false} (float32[2,3,4])", "float32[]"},
		{"Reduce (float32[2,3]; int64[0] = {})", "float32[1,1]"},
		{"Reduce {noopEmpty=true} (float32[2,3]; int64[0] = {})", "float32[2,3]"},
		{"Reduce (float32[2,3]; int64[1])", "error: axes is not constant"},
		{"Reduce (float32[2,3]; int64[1] = {2})", "error: axis 2 does not exist in 2 axes"},
		{"Reduce (float32[2,3]; int64[2] = {1, -1})", "error: axes [1 -1] name axis 1 twice"},

		{"Resize (float32[N,3,5,5]; _; float32[4] = {1, 1, 1.4, 0.5})", "float32[N,3,7,2]"},
		{"Resize (float32[1,3,5,5]; float32[0] = {}; float32[0] = {}; int64[4] = {1, 3, 8, 9})", "float32[1,3,8,9]"},
		{`Resize {axes=[-1] mode="linear"} (float32[1,3,H,5]; _; _; int64[1] = {8})`, "float32[1,3,H,8]"},
		{`Resize {axes=[2,3] aspect="not_larger"} (float32[1,3,4,8]; _; _; int64[2] = {6, 32})`, "float32[1,3,6,12]"},
		{`Resize {axes=[2,3] aspect="not_smaller"} (float32[1,3,4,8]; _; _; int64[2] = {6, 32})`, "float32[1,3,16,32]"},
		{"Resize (float32; _; float32[1] = {2})", "float32"},
		{"Resize (float32[4]; _; float32[1] = {0.1})", "error: axis 0 of length 4 cannot become 0 long"},
		{"Resize (float32[4]; _; float32[1] = {-1})", "error: the scale -1 of axis 0 is out of range"},
		{"Resize (float32[4]; _; float32[1] = {2}; int64[1] = {2})", "error: scales and sizes are both given"},
		{"Resize (float32[4])", "error: neither scales nor sizes are given"},
		{"Resize (float32[4]; _; float32[1])", "error: scales is float32[1], want a constant of 1 numbers"},
		{`Resize {coordinates="tf_crop_and_resize"} (float32[4]; _; float32[1] = {2})`, "error: roi is invalid, want a constant of 2 numbers"},
		{`Resize {mode="wavelet"} (float32[4]; _; float32[1] = {2})`, `error: mode is "wavelet", want one of ["nearest" "linear" "cubic"]`},
		{"Relu (float32[2])", "float32[2]"},
		{"Relu (float32)", "float32"},

		{"Reshape (float32[2,3,4]; int64[2] = {0, -1})", "float32[2,12]"},
		{"Reshape (float32[2,3]; int64[0] = {})", "error: cannot reshape [2,3] to []"},
		{"Reshape (float32[1,1]; int64[0] = {})", "float32[]"},
		{"Reshape (float32[N,3]; int64[2] = {0, 3})", "float32[N,3]"},
		{"Reshape (float32[N,3]; int64[2] = {-1, 3})", "float32[?,3]"},
		{"Reshape {allowZero=true} (float32[0,3]; int64[2] = {3, 0})", "float32[3,0]"},
		{"Reshape (float32[2,3]; int64[2] = {4, -1})", "error: cannot reshape [2,3] to [4 -1]"},
		{"Reshape (float32[2,3]; int64[1] = {7})", "error: cannot reshape [2,3] to [7]"},
		{"Reshape (float32[2,3]; int64[2] = {-1, -1})", "error: cannot reshape [2,3] to [-1 -1]: length -1 of axis 1"},
		{"Reshape (float32[2]; int64[2] = {2, 0})", "error: cannot reshape [2] to [2 0]: length 0 of axis 1"},
		{"Reshape (float32[0]; int64[2] = {0, -1})", "error: cannot reshape [0] to [0 -1]"},
		{"Reshape (float32[2]; int64[1] = {-2})", "error: cannot reshape [2] to [-2]: length -2 of axis 0"},
		{"Reshape (float32[2]; int64[3] = {2147483647, 2147483647, 2147483647})", "error: cannot reshape [2] to [2147483647 2147483647 2147483647]"},
		{"Reshape (float32[2]; int64[2])", "error: shape is not constant"},

		{"Shape (float32[2,3,4])", "int64[3]{2, 3, 4}"},
		{"Shape {start=1} (float32[N,3,4])", "int64[2]{3, 4}"},
		{"Shape {start=-2 end=-1} (float32[2,3,4])", "int64[1]{3}"},
		{"Shape {start=2 end=1} (float32[2,3,4])", "int64[0]{}"},
		{"Shape {start=-9223372036854775808} (float32[2,3])", "int64[2]{2, 3}"},
		{"Shape (float32[N,3,4])", "int64[3]"},
		{"Shape (float32)", "int64[?]"},

		{"SiLU (float32[2])", "float32[2]"},
		{"Sigmoid (float32[2])", "float32[2]"},

		{"Slice (float32[10]; int64[1] = {2}; int64[1] = {7})", "float32[5]"},
		{"Slice (float32[N,10]; int64[1] = {-3}; int64[1] = {9223372036854775807}; int64[1] = {1})", "float32[N,3]"},
		{"Slice (float32[10]; int64[1] = {0}; int64[1] = {10}; _; int64[1] = {3})", "float32[4]"},
		{"Slice (float32[10]; int64[1] = {-1}; int64[1] = {-9223372036854775808}; _; int64[1] = {-1})", "float32[10]"},
		{"Slice (float32[10]; int64[1] = {8}; int64[1] = {2}; _; int64[1] = {-4})", "float32[2]"},
		{"Slice (float32[10]; int64[1] = {7}; int64[1] = {2})", "float32[0]"},
		{"Slice (float32[10]; int64[1] = {-100}; int64[1] = {-100}; _; int64[1] = {-1})", "float32[1]"},
		{"Slice (float32[0]; int64[1] = {-1}; int64[1] = {-9}; _; int64[1] = {-1})", "float32[0]"},
		{"Slice (float32[N]; int64[1] = {0}; int64[1] = {1})", "float32[?]"},
		{"Slice (float32[10]; int64[1] = {0}; int64[1] = {1}; _; int64[1] = {0})", "error: step of axis 0 is 0"},
		{"Slice (float32[10]; int64[1] = {0}; int64[2] = {1, 2})", "error: 1 starts, 2 ends and 0 steps for 1 axes"},
		{"Slice (float32[10]; int64[1]; int64[1] = {1})", "error: starts is not constant"},
		{"Slice (float32[10]; int64[1] = {0}; float32[1] = {1})", "error: ends is float32, want int64"},

		{"Softmax (float32[2,3])", "float32[2,3]"},
		{"Softmax {axis=-3} (float32[2,3])", "error: axis -3 does not exist in 2 axes"},

		{"SpaceToDepth {block=2} (float32[1,3,4,6])", "float32[1,12,2,3]"},
		{"SpaceToDepth {block=4} (int64[1,?,4,W])", "int64[1,?,1,?]"},
		{"SpaceToDepth {block=2} (float32[1,3,4,5])", "error: a map of 4 x 5 does not divide into blocks of 2 x 2"},
		{"Split {parts=3} (float32[2,8]; int64[3] = {1, 1, 0})", "float32[1,8] float32[1,8] float32[0,8]"},
		{"Split {axis=1 parts=3} (float32[2,8])", "float32[2,3] float32[2,3] float32[2,2]"},
		{"Split {axis=1 parts=3} (float32[2,N])", "float32[2,?] float32[2,?] float32[2,?]"},
		{"Split {parts=3} (float32[1,8])", "error: cannot split an axis of length 1 into 3 parts"},
		{"Split {parts=3} (float32[4]; int64[3] = {1, 1, 1})", "error: sizes [1 1 1] do not add up to 4"},
		{"Split {parts=3} (float32[4]; int64[2] = {1, 3})", "error: 2 sizes for 3 parts"},
		{"Split {parts=2} (float32[4])", "error: has 3 outputs, the operator gives 2"},
		{"Split {parts=1000000} (float32[4])", "error: cannot split into 1000000 parts"},

		{"Squeeze (float32[1,3,1]; int64[1] = {-1})", "float32[1,3]"},
		{"Squeeze (float32[1,3,1])", "float32[3]"},
		{"Squeeze (float32[N,3,1])", "float32"},
		{"Squeeze (float32[N,3,1]; int64[1] = {0})", "float32[3,1]"},
		{"Squeeze (float32[1,3,1]; int64[1] = {1})", "error: axis 1 of [1,3,1] has not length 1"},

		{"Tanh (float32[2])", "float32[2]"},

		{"Transpose {perm=[0,2,3,1]} (float32[N,3,4,5])", "float32[N,4,5,3]"},
		{"Transpose (float32[2,3])", "float32[3,2]"},
		{"Transpose {perm=[0,0]} (float32[2,3])", "error: [0 0] does not permute 2 axes"},
		{"Transpose {perm=[0]} (float32[2,3])", "error: [0] does not permute 2 axes"},

		{"Unary {fn=neg} (int64[2])", "int64[2]"},
		{"Unary {fn=sqrt} (float32[2])", "float32[2]"},
		{"Unary {fn=sqrt} (int64[2])", "error: input 0 is int64, want [float32]"},

		{"Unsqueeze (float32[3]; int64[2] = {0, -1})", "float32[1,3,1]"},
		{"Unsqueeze (int64[]; int64[1] = {0})", "int64[1]"},
		{"Unsqueeze (float32[3]; int64[] = {1})", "float32[3,1]"},
		{"Unsqueeze (float32[3]; int64[2] = {0, -3})", "error: axes [0 -3] name axis 0 twice"},
		{"Unsqueeze (float32[3]; int64[1] = {2})", "error: axis 2 does not exist in 2 axes"},

		{"Selu (float32[N,3])", "float32[N,3]"},
		{"Selu (int64[N,3])", "error: input 0 is int64, want [float32]"},
		{"ThresholdedRelu (float32[N,3])", "float32[N,3]"},
		{"ThresholdedRelu (int64[N,3])", "error: input 0 is int64, want [float32]"},

		{"Where (bool[2,1]; float32[3]; float32[])", "float32[2,3]"},
		{"Where (float32[2]; float32[2]; float32[2])", "error: input 0 is float32, want [bool]"},
		{"Where (bool[2]; float32[2]; int64[2])", "error: input 2 is int64, but input 1 is float32"},
	}
	covered := map[string]bool{}
	for _, test := range tests {
		kind, _, _ := strings.Cut(test.src, " ")
		covered[kind] = true
		if got := inferText(t, test.src); got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.src, got, test.want)
		}
	}
	for _, op := range Ops() {
		if !covered[op.Kind()] {
			t.Errorf("no case for %s", op.Kind())
		}
	}
}

func TestInferUnknownEnum(t *testing.T) {
	one := []Type{Of(Float32, 1, 1, 4)}
	two := append(one, Of(Float32, 1, 1, 1))
	tests := []struct {
		op Op
		in []Type
	}{
		{Binary{Fn: 99}, two},
		{Cast{To: 99}, one},
		{Conv{Group: 1, Window: Window{AutoPad: 99}}, two},
		{Pad{Mode: 99}, two},
		{Reduce{Fn: 99}, one},
		{Unary{Fn: 99}, one},
	}
	for _, test := range tests {
		if _, err := test.op.Infer(test.in); err == nil || !strings.Contains(err.Error(), "(99)") {
			t.Errorf("%#v: error is %v, want the unknown value named", test.op, err)
		}
	}
}

func TestWindowResolve(t *testing.T) {
	tests := []struct {
		name       string
		w          Window
		kernel, in []int
		pads, out  []int
	}{
		{"same upper puts the odd one last", Window{AutoPad: SameUpper, Strides: []int{2, 2}}, []int{3, 3}, []int{8, 7}, []int{0, 1, 1, 1}, []int{4, 4}},
		{"same lower puts the odd one first", Window{AutoPad: SameLower, Strides: []int{2, 2}}, []int{3, 3}, []int{8, 7}, []int{1, 1, 0, 1}, []int{4, 4}},
		{"same counts dilation", Window{AutoPad: SameUpper, Dilations: []int{3}}, []int{3}, []int{5}, []int{3, 3}, []int{5}},
		{"same never cuts", Window{AutoPad: SameUpper, Strides: []int{4}}, []int{1}, []int{9}, []int{0, 0}, []int{3}},
		{"same overrides pads", Window{AutoPad: SameUpper, Pads: []int{7, 7}}, []int{3}, []int{5}, []int{1, 1}, []int{5}},
		{"valid overrides pads", Window{AutoPad: Valid, Pads: []int{7, 7}}, []int{3}, []int{5}, []int{0, 0}, []int{3}},
		{"ceil", Window{Ceil: true, Strides: []int{2}, Pads: []int{1, 0}}, []int{2}, []int{4}, []int{1, 0}, []int{3}},
		{"ceil starts no window in the end padding", Window{Ceil: true, Strides: []int{2}, Pads: []int{0, 1}}, []int{2}, []int{4}, []int{0, 1}, []int{2}},
		{"unknown length", Window{Pads: []int{1, 2, 3, 4}}, []int{3, 3}, []int{-1, 8}, []int{1, 2, 3, 4}, []int{-1, 12}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, out, err := test.w.Resolve(test.kernel, test.in)
			if err != nil {
				t.Fatal(err)
			}
			if r.AutoPad != Explicit || !slices.Equal(r.Pads, test.pads) || !slices.Equal(out, test.out) {
				t.Errorf("got %+v, lengths %v, want pads %v, lengths %v", r, out, test.pads, test.out)
			}
			again, out2, err := r.Resolve(test.kernel, test.in)
			if err != nil || !reflect.DeepEqual(again, r) || !slices.Equal(out, out2) {
				t.Errorf("resolved again: %+v, lengths %v, %v", again, out2, err)
			}
		})
	}
	if r, _, _ := (Window{AutoPad: SameUpper}).Resolve([]int{3}, []int{-1}); r.AutoPad != SameUpper {
		t.Errorf("padding of an unknown length was resolved: %+v", r)
	}
}
