package ann_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/internal/ann"
	"ann2snn/ir"
)

// randomNodes are nodes from values of shape [1,2,4,4] to values of that shape. The
// first name is the node's own, the others are those of any values computed before.
var randomNodes = []string{
	"%%%s = Relu(%%%s)",
	"%%%s = Identity(%%%s)",
	"%%%s = Dropout(%%%s)",
	"%%%s = LeakyRelu(%%%s)",
	"%%%s = Add(%%%s, %%%s)",
	"%%%s = Binary(%%%s, %%%s) {fn=mul}",
	"%%%s = Binary(%%%s, %%half) {fn=mul}",
	"%%%s = Conv(%%%s, %%w) {pads=[1,1,1,1]}",
	"%%%s = Conv(%%%s, %%depthwise) {pads=[1,1,1,1] group=2}",
	"%%%s = MaxPool(%%%s) {kernel=[3,3] pads=[1,1,1,1]}",
	"%%%s = AveragePool(%%%s) {kernel=[2,2] autoPad=same_upper}",
	"%%%s = Transpose(%%%s) {perm=[0,1,3,2]}",
	"%%%s = MatMul(%%%s, %%%s)",
	"%%%s = Where(%%mask, %%%s, %%%s)",
	"%%%s = Softmax(%%%s)",
	// Two nodes: through a view, and through a pair of values of other sizes.
	"%%%[1]s_flat = Reshape(%%%[2]s, %%flat)\n%%%[1]s = Reshape(%%%[1]s_flat, %%back)",
	"%%%[1]s_l, %%%[1]s_r = Split(%%%[2]s) {axis=2 parts=2}\n%%%[1]s = Concat(%%%[1]s_r, %%%[1]s_l) {axis=2}",
	"%%%[1]s_m = GlobalAveragePool(%%%[2]s)\n%%%[1]s = Add(%%%[1]s_m, %%%[2]s)",
}

const randomHead = `
input %x float32[1,2,4,4]
const %w float32[2,2,3,3] = ramp(-0.3, 0.017)
const %depthwise float32[2,1,3,3] = ramp(0.3, -0.029)
const %half float32[2,1,1] = {0.5, -1}
const %mask bool[4] = {true, false, false, true}
const %flat int64[2] = {1, 32}
const %back int64[4] = {1, 2, 4, 4}
`

// drawGraph draws a network whose nodes read any earlier values.
func drawGraph(t *rapid.T) *ir.Graph {
	var text strings.Builder
	text.WriteString(randomHead)
	names := []string{"x"}
	for i := range rapid.IntRange(1, 20).Draw(t, "nodes") {
		name := fmt.Sprintf("n%d", i)
		template := rapid.SampledFrom(randomNodes).Draw(t, "node")
		writeNode(&text, template, name, rapid.SampledFrom(names).Draw(t, "first"), rapid.SampledFrom(names).Draw(t, "second"))
		names = append(names, name)
	}
	outputs := rapid.SliceOfNDistinct(rapid.SampledFrom(names[1:]), 1, 3, rapid.ID).Draw(t, "outputs")
	fmt.Fprintf(&text, "output %%%s\n", strings.Join(outputs, ", %"))
	g, err := ir.Parse(text.String())
	if err == nil {
		err = g.Infer()
	}
	if err != nil {
		t.Fatalf("%v in\n%s", err, text.String())
	}
	return g
}

// writeNode fills in the names of a template, which may need one input only.
func writeNode(text *strings.Builder, template, name, first, second string) {
	args := []any{name, first}
	if strings.Count(template, "%%%s") == 3 {
		args = append(args, second)
	}
	fmt.Fprintf(text, template+"\n", args...)
}

// chainOfRandomNodes is a network with each of randomNodes, one after the other.
func chainOfRandomNodes(t *testing.T) *ir.Graph {
	t.Helper()
	var text strings.Builder
	text.WriteString(randomHead)
	last := "x"
	for i, template := range randomNodes {
		name := fmt.Sprintf("n%d", i)
		writeNode(&text, template, name, last, "x")
		last = name
	}
	fmt.Fprintf(&text, "output %%%s\n", last)
	return parse(t, text.String())
}

// TestSharedMemory compares programs, in which values share memory, with the same nodes
// evaluated one by one, where none do: every value, bit for bit, with one value replaced.
func TestSharedMemory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		in := make([]float32, 32)
		for i := range in {
			in[i] = r.Float32()*2 - 1
		}
		inputs := []*ir.Tensor{ir.Floats(in, 1, 2, 4, 4)}
		replaced := ir.ValueID(rapid.IntRange(0, len(g.Values)-1).Draw(t, "replaced"))
		if v := g.Type(replaced); v.DType != ir.Float32 || v.Const != nil {
			replaced = ir.None
		}
		replace := func(v []float32) {
			for i := range v {
				v[i] = 0.5 - v[i]
			}
		}
		p, err := ann.Compile(t.Context(), g, ann.Options{Replace: map[ir.ValueID]func([]float32){replaced: replace}})
		if err != nil {
			t.Fatal(err)
		}
		seen := make(map[ir.ValueID][]float32)
		got, err := p.RunInputs(t.Context(), inputs, func(id ir.ValueID, v []float32) { seen[id] = slices.Clone(v) })
		if err != nil {
			t.Fatal(err)
		}

		whole := *g // all values as outputs
		whole.Outputs = nil
		for id := range seen {
			whole.Outputs = append(whole.Outputs, id)
		}
		want, err := evalReplacing(&whole, inputs, replaced, replace)
		if err != nil {
			t.Fatal(err)
		}
		for i, id := range whole.Outputs {
			if !slices.Equal(seen[id], want[i].F) {
				t.Fatalf("%s is %v, want %v in\n%v", g.Values[id].Name, seen[id], want[i].F, g)
			}
		}
		for i, id := range g.Outputs {
			if !slices.Equal(got[i].F, seen[id]) {
				t.Fatalf("output %s is %v, but was %v when computed in\n%v", g.Values[id].Name, got[i].F, seen[id], g)
			}
		}
	})
}
