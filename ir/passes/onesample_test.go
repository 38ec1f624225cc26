package passes

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ann2snn/internal/ann"
	"ann2snn/ir"
)

// TestOneSampleKeepsResults compares networks of several samples with what they become, sample
// by sample.
func TestOneSampleKeepsResults(t *testing.T) {
	taken := 0
	rapid.Check(t, func(t *rapid.T) {
		g := drawBatch(t, rapid.IntRange(2, 3).Draw(t, "samples"))
		g.Batch = g.Type(g.Inputs[0]).Shape[0].N
		before := g.String()
		want, scale := run(t, g)
		changed, err := oneSample(g)
		if err != nil {
			t.Fatal(err)
		}
		if (changed > 0) == (g.Mixed != "") {
			t.Fatalf("%d changes, and %q", changed, g.Mixed)
		}
		if changed == 0 {
			if after := g.String(); after != before {
				t.Fatalf("not taken apart, but changed:\n%s\nto\n%s", before, after)
			}
			return
		}
		taken++
		for k, samples := range apart(t, g) {
			for i, part := range samples {
				n := len(want[k].F) / len(samples)
				one := ir.Floats(want[k].F[i*n:(i+1)*n], part.Shape...)
				if diff := difference(one, part, 1e-5*scale); diff != "" {
					t.Fatalf("output %d of sample %d: %s\nbefore\n%s\nafter\n%s", k, i, diff, before, g)
				}
			}
		}
	})
	if taken < 10 {
		t.Errorf("only %d networks were taken apart", taken)
	}
}

// TestSplitsAreOfOperators: a misspelled kind would refuse an operator silently, and so would
// activations that are left out.
func TestSplitsAreOfOperators(t *testing.T) {
	kinds := map[string]bool{}
	for _, op := range ir.Ops() {
		kinds[op.Kind()] = true
	}
	for kind := range splits {
		if !kinds[kind] {
			t.Errorf("there is no operator %s", kind)
		}
	}
	for _, kind := range []string{"Celu", "Selu", "ThresholdedRelu", "Unary"} {
		if splits[kind] == nil {
			t.Errorf("%s works element by element, and has no rule", kind)
		}
	}
}

// apart runs g on the samples that run gives to a graph of all of them, and returns the outputs
// by output and sample.
func apart(t rapid.TB, g *ir.Graph) [][]*ir.Tensor {
	p, err := ann.Compile(context.Background(), g, ann.Options{})
	if err != nil {
		t.Fatalf("%v\n%s", err, g)
	}
	n := g.Type(g.Inputs[0]).Elems()
	outputs := make([][]*ir.Tensor, len(g.Outputs))
	for sample := range slices.Chunk(noise(0, n*g.Batch), n) {
		out, err := p.RunInputs(context.Background(), []*ir.Tensor{ir.Floats(sample, g.Type(g.Inputs[0]).Shape.Ints()...)}, nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, g)
		}
		for k := range outputs {
			outputs[k] = append(outputs[k], out[k])
		}
	}
	return outputs
}

func TestOneSample(t *testing.T) {
	for _, test := range []struct{ name, before, after string }{
		{
			"the target of a Reshape, computed or not",
			`input %x float32[8,3,2,2]
const %target int64[2] = {8, 12}
const %first int64[] = {0}
const %rest int64[1] = {-1}
%a = Relu(%x)
%b = Reshape(%a, %target)
%shape = Shape(%b)
%n = Gather(%shape, %first)
const %axes int64[1] = {0}
%list = Unsqueeze(%n, %axes)
%both = Concat(%list, %rest)
%c = Reshape(%b, %both)
output %c`,
			`input %x float32[1,3,2,2]
const %both int64[2] = {1, -1}
const %target int64[2] = {1, 12}
%a = Relu(%x)
%b = Reshape(%a, %target)
%c = Reshape(%b, %both)
output %c`,
		},
		{
			"constants that repeat for each sample",
			`input %x float32[2,3]
const %token float32[2,1] = {7, 7}
const %bias float32[2,4] = {1, 2, 3, 4, 1, 2, 3, 4}
%a = Concat(%x, %token) {axis=1}
%b = Add(%a, %bias)
output %b`,
			`input %x float32[1,3]
const %token float32[1,1] = {7}
const %bias float32[1,4] = {1, 2, 3, 4}
%a = Concat(%x, %token) {axis=1}
%b = Add(%a, %bias)
output %b`,
		},
		{
			"rows of samples",
			`input %x float32[2,3,4]
const %rows int64[2] = {6, 4}
const %back int64[3] = {2, 3, 4}
%a = Reshape(%x, %rows)
%b = Softmax(%a)
%c = Reshape(%b, %back)
output %c`,
			`input %x float32[1,3,4]
const %rows int64[2] = {3, 4}
const %back int64[3] = {1, 3, 4}
%a = Reshape(%x, %rows)
%b = Softmax(%a)
%c = Reshape(%b, %back)
output %c`,
		},
		{
			"sizes of a Resize, and all axes of length 1",
			`input %x float32[2,3,1,4]
const %sizes int64[4] = {2, 3, 1, 8}
%a = Resize(%x, _, _, %sizes)
%b = Squeeze(%a)
output %b`,
			`input %x float32[1,3,1,4]
const %b.axes int64[1] = {2}
const %sizes int64[4] = {1, 3, 1, 8}
%a = Resize(%x, _, _, %sizes)
%b = Squeeze(%a, %b.axes)
output %b`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := parse(t, test.before)
			g.Batch = g.Type(g.Inputs[0]).Shape[0].N
			if _, err := oneSample(g); err != nil || g.Mixed != "" {
				t.Fatal(err, g.Mixed)
			}
			if err := g.Verify(); err != nil {
				t.Fatal(err)
			}
			if want := "independent of each other: it is taken as one for a single sample"; len(g.Notes) != 1 || !strings.Contains(g.Notes[0], want) {
				t.Errorf("notes %q, want %q", g.Notes, want)
			}
			if diff := cmp.Diff(unnamed(t, inferred(t, test.after)), unnamed(t, g)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// unnamed is the nodes and inputs of a graph, with the values of constants in place of their names.
func unnamed(t *testing.T, g *ir.Graph) (result string) {
	t.Helper()
	var nodes strings.Builder
	for line := range strings.Lines(text(t, g)) {
		constant, ok := strings.CutPrefix(line, "const ")
		if !ok {
			nodes.WriteString(line)
			continue
		}
		name, value, _ := strings.Cut(strings.TrimSpace(constant), " ")
		for _, end := range []string{",", ")"} {
			defer func() { result = strings.ReplaceAll(result, name+end, "("+value+")"+end) }()
		}
	}
	return nodes.String()
}

// TestOneSampleRefuses checks what is said of networks that mix what their input's first axis
// holds.
func TestOneSampleRefuses(t *testing.T) {
	for _, test := range []struct{ nodes, want string }{
		{"%y = Transpose(%x) \"t\" {perm=[1,0]}", `Transpose "t" mixes samples`},
		{"const %s int64[2] = {1, 12}\n%y = Reshape(%x, %s)", `Reshape "y" mixes samples`},
		{"const %s int64[2] = {2, 6}\n%y = Reshape(%x, %s)", `Reshape "y" mixes samples`},
		{"%y = Flatten(%x) {axis=0}", `Flatten "y" mixes samples`},
		{"%y = Softmax(%x) {axis=0}", `Softmax "y" mixes samples`},
		{"const %c float32[4,3] = ramp(0, 1)\n%y = Add(%x, %c)", `Add "y" has a constant that differs from sample to sample`},
		{"const %c float32[4,4] = fill(1)\n%y = MatMul(%c, %x)", `MatMul "y" mixes samples`},
		{"%y = Concat(%x, %x)", `Concat "y" mixes samples`},
		{"%y = Reduce(%x)", `Reduce "y" mixes samples`},
		{"const %a int64[1] = {0}\n%y = Unsqueeze(%x, %a)", `Unsqueeze "y" mixes samples`},
	} {
		g := parse(t, "input %x float32[4,3]\n"+test.nodes+"\noutput %y")
		g.Batch = 4
		changed, err := oneSample(g)
		if want := "the model's input holds 4 samples at once, which cannot be taken apart: " + test.want + " (try to export it with a batch of 1)"; err != nil || changed != 0 || g.Mixed != want {
			t.Errorf("%s: %d changes, error %v, %q, want %q", test.nodes, changed, err, g.Mixed, want)
		}
	}
}
