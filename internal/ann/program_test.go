package ann_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"ann2snn/internal/ann"
	"ann2snn/internal/par"
	"ann2snn/internal/testutil"
	"ann2snn/ir"
	"ann2snn/ir/passes"
)

// parse reads a graph in text form and infers its types.
func parse(tb testing.TB, text string) *ir.Graph {
	tb.Helper()
	g, err := ir.Parse(text)
	if err != nil {
		tb.Fatal(err)
	}
	if err := g.Infer(); err != nil {
		tb.Fatal(err)
	}
	return g
}

func compile(tb testing.TB, g *ir.Graph, o ann.Options) *ann.Program {
	tb.Helper()
	p, err := ann.Compile(tb.Context(), g, o)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// residual has what makes sharing memory delicate: a value read late, a view, an output
// that overwrites an input, a constant subgraph.
const residual = `
input %x float32[1,2,4,4]
const %w float32[2,2,3,3] = ramp(-0.5, 0.03)
const %half float32[1] = {0.5}
const %flat int64[2] = {1, 32}
const %back int64[4] = {1, 2, 4, 4}
%scale = Binary(%half, %half) {fn=mul}
%c = Conv(%x, %w) {pads=[1,1,1,1]}
%r = Relu(%c)
%v = Reshape(%r, %flat)
%s = Binary(%v, %scale) {fn=mul}
%u = Reshape(%s, %back)
%a = Add(%u, %x)
%y = Relu(%a)
output %y, %r
`

func ramp(n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(i%11) - 5
	}
	return x
}

func TestRunIsRepeatable(t *testing.T) {
	p := compile(t, parse(t, residual), ann.Options{})
	want, err := p.Run(t.Context(), ramp(32), nil)
	if err != nil {
		t.Fatal(err)
	}
	par.For(64, 4, func(_, i int) {
		in := ramp(32)
		if i%2 == 1 { // a different run in between must not show
			slices.Reverse(in)
		}
		got, err := p.Run(t.Context(), in, nil)
		if err != nil || i%2 == 0 && !slices.Equal(got, want) {
			t.Errorf("run %d: got %v %v, want %v", i, got, err, want)
		}
	})
}

func TestRunAllocatesItsResultAlone(t *testing.T) {
	if testutil.Race {
		t.Skip("under the race detector a sync.Pool forgets at random")
	}
	check := func(t *testing.T, g *ir.Graph) {
		t.Helper()
		p := compile(t, g, ann.Options{})
		in := make([]float32, p.InLen())
		observe := func(ir.ValueID, []float32) {}
		allocs := testing.AllocsPerRun(3, func() {
			if _, err := p.Run(context.Background(), in, observe); err != nil {
				t.Fatal(err)
			}
		})
		if allocs > 1 {
			t.Errorf("%v allocations per run, want 1", allocs)
		}
	}
	t.Run("many operators", func(t *testing.T) { check(t, chainOfRandomNodes(t)) })
	t.Run("resnet20", func(t *testing.T) { check(t, loadModel(t, "cifar10_resnet20_bn.onnx")) })
}

func TestObserve(t *testing.T) {
	g := parse(t, residual)
	p := compile(t, g, ann.Options{})
	var names []string
	out, err := p.Run(t.Context(), ramp(32), func(id ir.ValueID, v []float32) {
		names = append(names, g.Values[id].Name)
		if len(v) != 32 {
			t.Errorf("%s has %d elements, want 32", g.Values[id].Name, len(v))
		}
	})
	if err != nil || len(out) != p.OutLen() {
		t.Fatalf("got %v %v", out, err)
	}
	if want := []string{"x", "c", "r", "v", "s", "u", "a", "y"}; !slices.Equal(names, want) {
		t.Errorf("observed %v, want %v", names, want)
	}
}

// TestObserveSome: a run for some values shows them as a run for all does, and ends with the
// last of them.
func TestObserveSome(t *testing.T) {
	t.Parallel()
	g := parse(t, residual)
	beyond := false
	y, _ := g.Lookup("y")
	p := compile(t, g, ann.Options{Replace: map[ir.ValueID]func([]float32){y: func([]float32) { beyond = true }}})
	in, all := ramp(32), map[ir.ValueID][]float32{}
	if _, err := p.Run(t.Context(), in, func(id ir.ValueID, v []float32) { all[id] = slices.Clone(v) }); err != nil {
		t.Fatal(err)
	}
	for _, names := range [][]string{{}, {"x"}, {"c"}, {"r", "x"}, {"c", "u"}, {"y", "c"}} {
		wanted := make([]bool, len(g.Values))
		for _, name := range names {
			id, _ := g.Lookup(name)
			wanted[id] = true
		}
		beyond = false
		seen := 0
		err := p.Observe(t.Context(), in, wanted, func(id ir.ValueID, v []float32) {
			if seen++; !wanted[id] || !slices.Equal(v, all[id]) {
				t.Errorf("%v: %q is %v, want %v", names, g.Value(id).Name, v, all[id])
			}
		})
		if err != nil || seen != len(names) || beyond != wanted[y] {
			t.Errorf("%v: %d values were seen; the run came to the end: %v; %v", names, seen, beyond, err)
		}
	}
	if err := p.Observe(t.Context(), in[1:], make([]bool, len(g.Values)), nil); err == nil {
		t.Error("an input of another length was taken")
	}
}

func TestOutputOption(t *testing.T) {
	g := parse(t, residual)
	for _, name := range []string{"x", "r", "u", "y"} {
		p := compile(t, g, ann.Options{Output: name})
		var want []float32
		got, err := p.Run(t.Context(), ramp(32), func(id ir.ValueID, v []float32) {
			if g.Values[id].Name == name {
				want = slices.Clone(v)
			}
		})
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: got %v %v, want %v", name, got, err, want)
		}
	}
}

// TestReplace changes an input, a value that others view, a view, and an overwritten value.
func TestReplace(t *testing.T) {
	negate := func(v []float32) {
		for i := range v {
			v[i] = -v[i]
		}
	}
	for _, name := range []string{"x", "r", "v", "s", "a", "y"} {
		g := parse(t, residual)
		id, _ := g.Lookup(name)
		p, err := compile(t, g, ann.Options{}).Replacing(t.Context(), map[ir.ValueID]func([]float32){id: negate})
		if err != nil {
			t.Fatal(err)
		}
		got, err := p.RunInputs(t.Context(), []*ir.Tensor{ir.Floats(ramp(32), 1, 2, 4, 4)}, nil)
		if err != nil {
			t.Fatal(err)
		}
		want, err := evalReplacing(g, []*ir.Tensor{ir.Floats(ramp(32), 1, 2, 4, 4)}, id, negate)
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			if !slices.Equal(got[i].F, want[i].F) {
				t.Errorf("%s: output %d is %v, want %v", name, i, got[i].F, want[i].F)
			}
		}
	}
}

// TestReplacingSharesWeights: a second program of a graph takes little more memory.
func TestReplacingSharesWeights(t *testing.T) {
	const size = 512
	g := &ir.Graph{}
	x := g.AddValue(ir.Value{Name: "x", Type: ir.Of(ir.Float32, 1, size)})
	y := g.AddValue(ir.Value{Name: "y"})
	w := g.AddConst("w", ir.Floats(make([]float32, size*size), size, size))
	g.Inputs, g.Outputs = []ir.ValueID{x}, []ir.ValueID{y}
	g.Nodes = []ir.Node{{Name: "product", Op: ir.MatMul{}, In: []ir.ValueID{x, w}, Out: []ir.ValueID{y}}}
	if err := g.InferNode(0); err != nil {
		t.Fatal(err)
	}
	p := compile(t, g, ann.Options{})
	took := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := p.Replacing(t.Context(), map[ir.ValueID]func([]float32){y: func([]float32) {}}); err != nil {
				b.Fatal(err)
			}
		}
	}).AllocedBytesPerOp()
	if took > size*size {
		t.Errorf("another program takes %d bytes, the weights of both %d", took, 4*size*size)
	}
}

func TestRunStopsWhenTheContextEnds(t *testing.T) {
	p := compile(t, parse(t, residual), ann.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	steps := 0
	_, err := p.Run(ctx, ramp(32), func(ir.ValueID, []float32) {
		if steps++; steps == 3 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || steps != 3 {
		t.Errorf("got error %v after %d values, want context.Canceled after 3", err, steps)
	}
}

func TestRunErrors(t *testing.T) {
	two := compile(t, parse(t, "input %a float32[2]\ninput %b float32[2]\n%y = Add(%a, %b)\noutput %y"), ann.Options{})
	whole := compile(t, parse(t, "input %a int64[2]\ninput %b int64[2]\n%y = Binary(%a, %b) \"quotient\" {fn=div}\noutput %y"), ann.Options{})
	floats, ints := ir.Floats([]float32{1, 2}, 2), ir.Ints([]int64{1, 0}, 2)
	for _, test := range []struct {
		want string
		run  func() error
	}{
		{"the network has 2 inputs", func() error { _, err := two.Run(t.Context(), []float32{1, 2}, nil); return err }},
		{"got 1 inputs, want 2", func() error { _, err := two.RunInputs(t.Context(), []*ir.Tensor{floats}, nil); return err }},
		{"input 1: is int64, want float32", func() error {
			_, err := two.RunInputs(t.Context(), []*ir.Tensor{floats, ints}, nil)
			return err
		}},
		{"input 0: has 3 elements, want 2", func() error {
			_, err := two.RunInputs(t.Context(), []*ir.Tensor{ir.Floats(make([]float32, 3), 3), floats}, nil)
			return err
		}},
		{`Binary "quotient": integer division by zero`, func() error {
			_, err := whole.RunInputs(t.Context(), []*ir.Tensor{ints, ints}, nil)
			return err
		}},
		{"the input has 3 elements, want 32", func() error {
			_, err := compile(t, parse(t, residual), ann.Options{}).Run(t.Context(), make([]float32, 3), nil)
			return err
		}},
	} {
		if err := test.run(); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got error %v, want %q", err, test.want)
		}
	}
}

func TestCompileErrors(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"input %x float32[N,2]\n%y = Relu(%x) \"act\"\noutput %y", `value "x" has type float32[N,2], want a known shape`},
		{"input %x float32[2]\n%y = Relu(%x) \"act\"", "the graph has no output"},
		{
			"input %x float32[2]\ninput %i int64[1]\n%y = Gather(%x, %i) \"pick\"\noutput %y",
			`Gather "pick": the indices are not constant`,
		},
		{
			"input %x float32[1,1,1]\nconst %w float32[1,1,1] = {1}\n" +
				"%y = Conv(%x, %w) \"wide\" {pads=[100000000,100000000] strides=[100000000]}\noutput %y",
			`Conv "wide": the input [1 1 1] becomes too large by padding`,
		},
		{
			"const %a int64[1] = {1}\nconst %z int64[1] = {0}\n%y = Binary(%a, %z) \"by zero\" {fn=div}\noutput %y",
			`Binary "by zero": integer division by zero`,
		},
	} {
		_, err := ann.Compile(t.Context(), parse(t, test.text), ann.Options{})
		if err == nil || !strings.HasPrefix(err.Error(), "ann: ") || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got error %v, want %q", err, test.want)
		}
	}
	if _, err := ann.Compile(t.Context(), parse(t, residual), ann.Options{Output: "nowhere"}); err == nil {
		t.Error("an unknown output is accepted")
	}
}

// TestEveryOperatorHasABuilder also fails where the table is not sorted.
func TestEveryOperatorHasABuilder(t *testing.T) {
	for _, op := range ir.Ops() {
		if !ann.Supports(op) && !passes.Decomposes(op) {
			t.Errorf("the executor has no %s", op.Kind())
		}
	}
}

func TestConstantOutput(t *testing.T) {
	p := compile(t, parse(t, "input %x float32[3]\n%y = Shape(%x)\noutput %y"), ann.Options{})
	out, err := p.RunInputs(t.Context(), []*ir.Tensor{ir.Floats(make([]float32, 3), 3)}, nil)
	if err != nil || !slices.Equal(out[0].I, []int64{3}) {
		t.Errorf("got %v %v, want the shape of x", out, err)
	}
}

func TestEvalIntegers(t *testing.T) {
	a, b := ir.Ints([]int64{7, -7, 7, math.MinInt64}, 4), ir.Ints([]int64{2, 2, -2, -1}, 4)
	for _, test := range []struct {
		op   ir.Op
		in   []*ir.Tensor
		want []int64
	}{
		{ir.Binary{Fn: ir.Div}, []*ir.Tensor{a, b}, []int64{3, -3, -3, math.MinInt64}},
		{ir.Binary{Fn: ir.Sub}, []*ir.Tensor{a, b}, []int64{5, -9, 9, math.MinInt64 + 1}},
		{ir.Binary{Fn: ir.Mul}, []*ir.Tensor{a, ir.Ints([]int64{2}, 1)}, []int64{14, -14, 14, 0}},
		{ir.Binary{Fn: ir.Pow}, []*ir.Tensor{a, b}, []int64{49, 49, 0, 0}},
		{ir.Add{}, []*ir.Tensor{a, b}, []int64{9, -5, 5, math.MaxInt64}},
		{ir.Unary{Fn: ir.Abs}, []*ir.Tensor{a}, []int64{7, 7, 7, math.MinInt64}},
		{ir.Clip{}, []*ir.Tensor{a, nil, ir.Ints([]int64{3})}, []int64{3, -7, 3, math.MinInt64}},
		{ir.Reduce{Fn: ir.Mean, KeepDims: true}, []*ir.Tensor{ir.Ints([]int64{3, 4}, 2)}, []int64{3}},
		{ir.Reduce{Fn: ir.Sum}, []*ir.Tensor{b}, []int64{1}},
	} {
		out, err := ann.Eval(test.op, test.in)
		if err != nil || !slices.Equal(out[0].I, test.want) {
			t.Errorf("%#v: got %v %v, want %v", test.op, out, err, test.want)
		}
	}
}

func TestCasts(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	floats := ir.Floats([]float32{1.9, -1.9, 300, inf, -inf, nan}, 6)
	for _, test := range []struct {
		op   ir.Cast
		in   *ir.Tensor
		want *ir.Tensor
	}{
		{ir.Cast{To: ir.Int64}, floats, ir.Ints([]int64{1, -1, 300, math.MaxInt64, math.MinInt64, 0}, 6)},
		{ir.Cast{To: ir.Int64, Stored: "uint8"}, ir.Floats([]float32{300, -1}, 2), ir.Ints([]int64{44, 255}, 2)},
		{ir.Cast{To: ir.Int64, Stored: "int32"}, ir.Ints([]int64{1 << 31}, 1), ir.Ints([]int64{-1 << 31}, 1)},
		{ir.Cast{To: ir.Bool}, ir.Floats([]float32{0, -0.5, nan}, 3), ir.Bools([]bool{false, true, true}, 3)},
		{ir.Cast{To: ir.Float32}, ir.Bools([]bool{true, false}, 2), ir.Floats([]float32{1, 0}, 2)},
		{ir.Cast{To: ir.Float32, Stored: "float16"}, ir.Ints([]int64{-3}, 1), ir.Floats([]float32{-3}, 1)},
	} {
		out, err := ann.Eval(test.op, []*ir.Tensor{test.in})
		if err := errors.Join(err, compareTensors([]*ir.Tensor{test.want}, out)); err != nil {
			t.Errorf("%+v: %v", test.op, err)
		}
	}
}

// TestExtremes feeds functions what would overflow in a careless form.
func TestExtremes(t *testing.T) {
	inf := float32(math.Inf(1))
	for _, test := range []struct {
		op       ir.Op
		in, want []float32
	}{
		{ir.Softmax{Axis: -1}, []float32{1e30, 1e30, -1e30}, []float32{0.5, 0.5, 0}},
		{ir.LogSoftmax{Axis: -1}, []float32{1000, 1000, -1000}, []float32{-math.Ln2, -math.Ln2, -2000 - math.Ln2}},
		{ir.Sigmoid{}, []float32{-1e4, 0, 1e4}, []float32{0, 0.5, 1}},
		{ir.SiLU{}, []float32{-1e4, 0, 1e4}, []float32{0, 0, 1e4}},
		{ir.Unary{Fn: ir.Softplus}, []float32{-1e4, 0, 1e4}, []float32{0, math.Ln2, 1e4}},
		{ir.Unary{Fn: ir.Round}, []float32{-1.5, 0.5, 2.5}, []float32{-2, 0, 2}},
		{ir.Unary{Fn: ir.Erf}, []float32{-9, 0, 1}, []float32{-1, 0, 0.8427008}},
		{ir.Tanh{}, []float32{-1e4, 0, 1e4}, []float32{-1, 0, 1}},
		{ir.Elu{Alpha: 2}, []float32{-1e4, 1e-20, 1e4}, []float32{-2, 1e-20, 1e4}},
		{ir.Relu{}, []float32{-inf, 0, inf}, []float32{0, 0, inf}},
		{ir.HardSwish{}, []float32{-4, 0, 4}, []float32{0, 0, 4}},
	} {
		out, err := ann.Eval(test.op, []*ir.Tensor{ir.Floats(test.in, 3)})
		if err := errors.Join(err, compareTensors([]*ir.Tensor{ir.Floats(test.want, 3)}, out)); err != nil {
			t.Errorf("%#v: %v", test.op, err)
		}
	}
}

func TestPadModes(t *testing.T) {
	x := ir.Floats([]float32{1, 2, 3, 4}, 4)
	for _, test := range []struct {
		mode ir.PadMode
		pads []int64
		want []float32
	}{
		{ir.PadConstant, []int64{1, 2}, []float32{9, 1, 2, 3, 4, 9, 9}},
		{ir.PadReflect, []int64{3, 2}, []float32{4, 3, 2, 1, 2, 3, 4, 3, 2}},
		{ir.PadEdge, []int64{2, 1}, []float32{1, 1, 1, 2, 3, 4, 4}},
		{ir.PadWrap, []int64{2, 3}, []float32{3, 4, 1, 2, 3, 4, 1, 2, 3}},
		{ir.PadWrap, []int64{-1, 2}, []float32{2, 3, 4, 2, 3}},
		{ir.PadConstant, []int64{-2, -1}, []float32{3}},
	} {
		out, err := ann.Eval(ir.Pad{Mode: test.mode}, []*ir.Tensor{x, ir.Ints(test.pads, 2), ir.Floats([]float32{9})})
		if err != nil || !slices.Equal(out[0].F, test.want) {
			t.Errorf("%v by %v: got %v %v, want %v", test.mode, test.pads, out, err, test.want)
		}
	}
}

func TestCompileHearsTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ann.Compile(ctx, parse(t, residual), ann.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that of the context", err)
	}
}
