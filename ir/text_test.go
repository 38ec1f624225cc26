package ir

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sample uses every construct of the text form, written as WriteText writes it.
const sample = `source {path="a b.onnx" sha256="00ff" producer="pytorch 2.5" opset=13}
input %x float32[N,"a-b",?,8]
input %mask bool
const %w float32<"float16">[2,1] = {0.1, -1e-20}
const %onnx::Conv_12/w.0 float32[17] = fill(-0)
const %"two words" int64[2] = {-1, 9223372036854775807}
const %flag bool[] = {true}
const %none float32[0,3] = {}
const %odd float32[3] = {NaN, +Inf, -Inf}
%a float32[N,2] = Conv(%x, %w, _) "layer1.\"0\"" {strides=[2,2] pads=[0,1,0,1] autoPad=same_upper group=2}
%b, _ = Dropout(%a)
%c float32 = Binary(%b, %a) {fn=mul}
%d = ConstantOfShape(%"two words") {value=bool[1] {true}}
%e = Shape(%d) {start=-1}
%f = Cast(%e) {to=float32 stored="double"}
%g = Gemm(%f, %c) "node" {beta=0.5 transB=true}
output %g, %b
`

func parse(t testing.TB, src string) *Graph {
	t.Helper()
	g, err := Parse(src)
	if err != nil {
		t.Fatalf("%v in\n%s", err, src)
	}
	return g
}

func fullText(t testing.TB, g *Graph) string {
	t.Helper()
	var b strings.Builder
	if err := g.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTextRoundTrip(t *testing.T) {
	g := parse(t, sample)
	if diff := cmp.Diff(sample, fullText(t, g)); diff != "" {
		t.Errorf("text changed (-want +got):\n%s", diff)
	}
	conv := Conv{Group: 2, Window: Window{Strides: []int{2, 2}, Pads: []int{0, 1, 0, 1}, AutoPad: SameUpper}}
	want := Node{Name: `layer1."0"`, Op: conv, In: []ValueID{0, 2, None}, Out: []ValueID{8}}
	if diff := cmp.Diff(want, g.Nodes[0]); diff != "" {
		t.Errorf("Conv (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]ValueID{9, None}, g.Nodes[1].Out); diff != "" {
		t.Errorf("outputs of Dropout (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Shape{{N: -1, Sym: "N"}, {N: -1, Sym: "a-b"}, {N: -1}, {N: 8}}, g.Type(0).Shape); diff != "" {
		t.Errorf("shape of x (-want +got):\n%s", diff)
	}
	if zero := g.Type(3).Const.F[16]; !math.Signbit(float64(zero)) {
		t.Errorf("negative zero became %v", zero)
	}
}

func TestTextOfEveryOp(t *testing.T) {
	for _, op := range Ops() {
		g := &Graph{Nodes: []Node{{Op: op, Out: []ValueID{0}}}, Values: []Value{{Name: "y"}}, Outputs: []ValueID{0}}
		text := fullText(t, g)
		if want := "%y = " + op.Kind() + "()\noutput %y\n"; text != want {
			t.Errorf("default attributes are written: %q, want %q", text, want)
		}
		if diff := cmp.Diff(g.Nodes, parse(t, text).Nodes, cmp.AllowUnexported()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", op.Kind(), diff)
		}
	}
}

func TestOpsAreSorted(t *testing.T) {
	if !slices.IsSortedFunc(Ops(), func(a, b Op) int { return strings.Compare(a.Kind(), b.Kind()) }) {
		t.Error("kinds is not sorted by Kind")
	}
}

func TestParseGenerators(t *testing.T) {
	g := parse(t, "const %a float32[2,2] = ramp(-0.5, 0.1)\nconst %b int64[3] = fill(7)\n")
	if diff := cmp.Diff([]float32{-0.5, -0.4, -0.3, -0.2}, g.Type(0).Const.F, cmp.Comparer(func(a, b float32) bool {
		return math.Abs(float64(a-b)) < 1e-7
	})); diff != "" {
		t.Errorf("ramp (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int64{7, 7, 7}, g.Type(1).Const.I); diff != "" {
		t.Errorf("fill (-want +got):\n%s", diff)
	}
}

func TestSummary(t *testing.T) {
	large := "const %w float32[17] = ramp(0, 1)\noutput %w\n"
	g := parse(t, large)
	want := "const %w float32[17] = sha256:b578392a98eb\noutput %w\n"
	if diff := cmp.Diff(want, g.String()); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
	if _, err := Parse(g.String()); err == nil || !strings.Contains(err.Error(), "this text is a summary") {
		t.Errorf("error of parsing a summary is %v", err)
	}
	g.Type(0).Const.F[16]++
	if g.String() == want {
		t.Error("the digest does not depend on the last element")
	}
	small := "const %w float32[16] = ramp(0, 1)\noutput %w\n"
	if s := parse(t, small).String(); strings.Contains(s, "sha256") {
		t.Errorf("16 elements are not listed: %s", s)
	}
}

func TestWriteIllegalGraph(t *testing.T) {
	g := &Graph{
		Values:  []Value{{}},
		Nodes:   []Node{{In: []ValueID{0, 7}, Out: []ValueID{-9}}},
		Outputs: []ValueID{3},
	}
	want := "%!-9 = nil(%\"\", %!7)\noutput %!3\n"
	if diff := cmp.Diff(want, g.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestParseErrors(t *testing.T) {
	tests := []struct{ src, want string }{
		{"flop", `ir: 1:1: "flop" begins no statement`},
		{"\n  input x float32", `ir: 2:9: want '%'`},
		{"input % float32", "ir: 1:7: want a value name after %"},
		{`input %"" float32`, "ir: 1:8: a value without a name"},
		{`input %"a float32`, "ir: 1:8: string without end or with a bad escape"},
		{"input %x float16", `ir: 1:10: unknown element type "float16"`},
		{"input %x invalid", `ir: 1:10: unknown element type "invalid"`},
		{"input %x float32[-1]", "ir: 1:18: axis length -1 is out of range"},
		{"input %x float32[9999999999]", "ir: 1:18: axis length 9999999999 is out of range"},
		{"input %x float32[1 2]", "ir: 1:20: want ','"},
		{"input %x float32[1", "ir: 1:19: want ','"},
		{"input %x int64 input %y int64", `ir: 1:16: want '\n'`},
		{"input %x int64\ninput %x int64", `ir: 2:15: value "x" is defined twice`},
		{"const %x float32[2] = {1}", "ir: 1:25: 1 elements for shape [2]"},
		{"const %x float32[2] = {1, x}", `ir: 1:27: "x" is not a float32 number`},
		{"const %x float32[1] = {1e99}", `ir: 1:24: "1e99" is not a float32 number`},
		{"const %x int64[1] = {1.5}", `ir: 1:22: "1.5" is not an integer`},
		{"const %x bool[1] = {1}", `ir: 1:21: "1" is neither true nor false`},
		{"const %x bool[1] = {}", "ir: 1:21: 0 elements for shape [1]"},
		{"const %x int64[3] = ramp(0, 1)", "ir: 1:30: a ramp has float32 elements, not int64"},
		{"const %x float32[N] = fill(1)", "ir: 1:19: a constant of unknown shape [N]"},
		{"const %x float32[65536,65536] = fill(1)", "ir: 1:29: [65536,65536] has more than 2147483647 elements"},
		{"const %x float32[100000000] = fill(1)", "ir: 1:37: more than 16777216 elements are to be generated"},
		{"const %x float32[10000000] = fill(1)\nconst %y float32[10000000] = ramp(0, 1)", "ir: 2:39: more than 16777216 elements are to be generated"},
		{"const %x float32[1] = noise(1)", `ir: 1:23: want {elements}, fill(element) or ramp(start, step), not "noise"`},
		{"%y = Relu(%x)", `ir: 1:11: value "x" is not defined above`},
		{"%y = Rely(%x)", `ir: 1:6: unknown operator "Rely"`},
		{"%y, = Relu()", "ir: 1:5: want '%'"},
		{"%y = Relu() {alpha=1}", `ir: 1:14: unknown or repeated attribute "alpha"`},
		{"%y = Elu() {alpha=1 alpha=2}", `ir: 1:21: unknown or repeated attribute "alpha"`},
		{"%y = Binary() {fn=add}", `ir: 1:19: "add" is none of [sub mul div pow equal max min mod fmod greater greater_or_equal less less_or_equal and or xor]`},
		{"output %y", `ir: 1:8: value "y" is not defined above`},
		{"\x00", `ir: 1:1: want a word or number`},
		{"input %x int64\x00", `ir: 1:15: want '\n'`},
	}
	for _, test := range tests {
		_, err := Parse(test.src)
		if err == nil || err.Error() != test.want {
			t.Errorf("%q\n got %v\nwant %s", test.src, err, test.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(sample)
	f.Add("const %w float32[4] = ramp(0, 1)\n%y float32[4] = Relu(%w) # comment\noutput %y")
	f.Add("input %x float32[1,3,8,8]\nconst %p int64[8] = {0,0,1,1,0,0,1,1}\n%y = Pad(%x, %p)\n%z = Shape(%y)\noutput %z")
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 1<<12 {
			return
		}
		g, err := Parse(src)
		if err != nil {
			return
		}
		text := fullText(t, g)
		again, err := Parse(text)
		if err != nil {
			t.Fatalf("%v in what was written:\n%s", err, text)
		}
		if text2 := fullText(t, again); text2 != text {
			t.Fatalf("first\n%s\nthen\n%s", text, text2)
		}
		_ = g.Verify()
		_ = g.Infer()
	})
}
