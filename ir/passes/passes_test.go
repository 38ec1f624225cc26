package passes

import (
	"context"
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
func byName(t *testing.T, name string) pass {
	t.Helper()
	i := slices.IndexFunc(pipeline, func(p pass) bool { return p.name == name })
	if i < 0 {
		t.Fatalf("no pass is called %q", name)
	}
	return pipeline[i]
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
			changed, err := p.run(g)
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
	want := `input "x" is float32[1,3,H,W], and every axis length must be known (try the input's shape as x=1,3,H,W with numbers)
input "y" is float32, and every axis length must be known (try the input's shape as y=1,... with numbers)`
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

func TestRunVerifiesAndDumps(t *testing.T) {
	g := parse(t, "input %x float32[N,2]\n%y = Identity(%x)\n%z = Relu(%y)\noutput %z")
	var steps []string
	err := Run(t.Context(), g, func(step int, name string, g *ir.Graph) error {
		if step != len(steps) {
			t.Errorf("step %d after %d steps", step, len(steps))
		}
		steps = append(steps, name)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(steps) != len(pipeline)+1 || steps[0] != "import" || steps[1] != "dead-code" {
		t.Errorf("steps %v", steps)
	}
	if want := "input %x float32[1,2]\n%z float32[1,2] = Relu(%x)\noutput %z\n"; text(t, g) != want {
		t.Errorf("got\n%s", text(t, g))
	}
}

func TestRunHearsTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	err := Run(ctx, parse(t, "input %x float32[1,2]\n%y = Relu(%x)\noutput %y"), func(step int, _ string, _ *ir.Graph) error {
		if step > 1 {
			t.Errorf("step %d after cancellation", step)
		}
		if step == 1 {
			cancel()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that of the context", err)
	}
}

func TestRunErrors(t *testing.T) {
	full := errors.New("disk full")
	err := Run(t.Context(), parse(t, "input %x float32[2]\noutput %x"), func(int, string, *ir.Graph) error { return full })
	if !errors.Is(err, full) {
		t.Errorf("error of dump is lost: %v", err)
	}
	tests := []struct{ src, want string }{
		{"input %x float32[2]", "passes: illegal graph after import: ir: the graph has no outputs"},
		{"input %x float32[1,H]\noutput %x", `passes: bind-batch: input "x" is float32[1,H]`},
		{"input %x float32[2]\nconst %c float32[3] = {1, 2, 3}\n%y = Add(%x, %c) \"sum\"\noutput %y", `passes: fold-constants: ir: Add "sum": shapes [[2] [3]] do not broadcast`},
	}
	for _, test := range tests {
		if err := Run(t.Context(), parse(t, test.src), nil); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s\n got %v\nwant %s", test.src, err, test.want)
		}
	}
}
