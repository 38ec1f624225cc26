package ann_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/internal/ann"
	"ann2snn/ir"
)

// randomTensor returns a tensor of numbers in [-1, 1).
func randomTensor(r *rand.Rand, shape ...int) *ir.Tensor {
	n := 1
	for _, l := range shape {
		n *= l
	}
	x := make([]float32, n)
	for i := range x {
		x[i] = r.Float32()*2 - 1
	}
	return ir.Floats(x, shape...)
}

// box lists the points of a box in row-major order.
func box(lengths []int) [][]int {
	points := [][]int{nil}
	for _, n := range lengths {
		var next [][]int
		for _, p := range points {
			for i := range n {
				next = append(next, append(slices.Clone(p), i))
			}
		}
		points = next
	}
	return points
}

// at returns element p of t; where p has more axes the first ones are dropped, and axes
// of length 1 repeat.
func at(t *ir.Tensor, p []int) float64 {
	p = p[len(p)-len(t.Shape):]
	i := 0
	for k, n := range t.Shape {
		i = i*n + min(p[k], n-1)
	}
	return float64(t.F[i])
}

// checkBothWays computes op by Eval, where all inputs are constant, and by a program,
// where those not listed in constant are inputs, and compares with want.
func checkBothWays(t *rapid.T, op ir.Op, in []*ir.Tensor, constant []bool, want *ir.Tensor) {
	t.Helper()
	out, err := ann.Eval(op, in)
	if err != nil {
		t.Fatal(err)
	}
	checkClose(t, "Eval", out[0], want)
	g := &ir.Graph{}
	node := ir.Node{Op: op}
	var given []*ir.Tensor
	for i, tensor := range in {
		if constant[i] {
			node.In = append(node.In, g.AddConst("", tensor))
			continue
		}
		id := g.AddValue(ir.Value{Type: ir.Of(tensor.DType, tensor.Shape...)})
		node.In, g.Inputs, given = append(node.In, id), append(g.Inputs, id), append(given, tensor)
	}
	node.Out = []ir.ValueID{g.AddValue(ir.Value{})}
	g.Nodes, g.Outputs = []ir.Node{node}, node.Out
	if err := g.Infer(); err != nil {
		t.Fatal(err)
	}
	p, err := ann.Compile(t.Context(), g, ann.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if out, err = p.RunInputs(t.Context(), given, nil); err != nil {
		t.Fatal(err)
	}
	checkClose(t, "RunInputs", out[0], want)
}

func checkClose(t *rapid.T, how string, got, want *ir.Tensor) {
	t.Helper()
	if !slices.Equal(got.Shape, want.Shape) {
		t.Fatalf("%s: got shape %v, want %v", how, got.Shape, want.Shape)
	}
	for i, w := range want.F {
		if math.Abs(float64(got.F[i]-w)) > 1e-5 {
			t.Fatalf("%s: element %d is %v, want %v", how, i, got.F[i], w)
		}
	}
}

// TestConvIsItsDefinition covers every way that Conv is computed: products of panels,
// depthwise, and the single position.
func TestConvIsItsDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		batch, groups := rapid.IntRange(1, 2).Draw(t, "batch"), rapid.IntRange(1, 3).Draw(t, "groups")
		depth, filters := rapid.IntRange(0, 3).Draw(t, "depth"), rapid.IntRange(1, 9).Draw(t, "filters")
		op := ir.Conv{Group: groups}
		in, weight := []int{batch, groups * depth}, []int{groups * filters, depth}
		var begin, end, spatial []int
		for range rapid.IntRange(1, 3).Draw(t, "axes") {
			n, b, e := rapid.IntRange(1, 6).Draw(t, "in"), rapid.IntRange(0, 2).Draw(t, "begin"), rapid.IntRange(0, 2).Draw(t, "end")
			dilation := rapid.IntRange(1, 2).Draw(t, "dilation")
			kernel := rapid.IntRange(1, (n+b+e-1)/dilation+1).Draw(t, "kernel")
			stride := rapid.IntRange(1, 3).Draw(t, "stride")
			in, weight = append(in, n), append(weight, kernel)
			begin, end = append(begin, b), append(end, e)
			op.Window.Strides = append(op.Window.Strides, stride)
			op.Window.Dilations = append(op.Window.Dilations, dilation)
			spatial = append(spatial, (n+b+e-(kernel-1)*dilation-1)/stride+1)
		}
		op.Window.Pads = slices.Concat(begin, end)
		x, w, bias := randomTensor(r, in...), randomTensor(r, weight...), randomTensor(r, weight[0])
		want := ir.Floats(nil, slices.Concat([]int{batch, weight[0]}, spatial)...)
		for _, o := range box(want.Shape) {
			sum := at(bias, o[1:2])
			for _, k := range box(weight[1:]) {
				from, inside := []int{o[0], o[1]/filters*depth + k[0]}, true
				for i, n := range in[2:] {
					p := o[2+i]*op.Window.Strides[i] - begin[i] + k[1+i]*op.Window.Dilations[i]
					from, inside = append(from, p), inside && p >= 0 && p < n
				}
				if inside {
					sum += at(x, from) * at(w, append([]int{o[1]}, k...))
				}
			}
			want.F = append(want.F, float32(sum))
		}
		fixed := rapid.Bool().Draw(t, "constant weight")
		checkBothWays(t, op, []*ir.Tensor{x, w, bias}, []bool{false, fixed, fixed}, want)
	})
}

func TestMatMulIsItsDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		rows, depth, cols := rapid.IntRange(1, 9).Draw(t, "rows"), rapid.IntRange(1, 9).Draw(t, "depth"), rapid.IntRange(1, 9).Draw(t, "cols")
		batch := rapid.SliceOfN(rapid.IntRange(1, 3), 0, 2).Draw(t, "batch")
		left := append(drawBroadcast(t, batch), rows, depth)
		right := append(drawBroadcast(t, batch), depth, cols)
		a, b := randomTensor(r, left...), randomTensor(r, right...)
		shape, err := ir.MatMul{}.Infer([]ir.Type{a.Type(), b.Type()})
		if err != nil {
			t.Fatal(err)
		}
		want := ir.Floats(nil, shape[0].Shape.Ints()...)
		for _, o := range box(want.Shape) {
			batch, i, j := o[:len(o)-2], o[len(o)-2], o[len(o)-1]
			var sum float64
			for p := range depth {
				sum += at(a, append(slices.Clone(batch), i, p)) * at(b, append(slices.Clone(batch), p, j))
			}
			want.F = append(want.F, float32(sum))
		}
		checkBothWays(t, ir.MatMul{}, []*ir.Tensor{a, b}, []bool{false, rapid.Bool().Draw(t, "constant")}, want)
	})
}

// drawBroadcast draws a shape that broadcasts to shape.
func drawBroadcast(t *rapid.T, shape []int) []int {
	s := slices.Clone(shape[rapid.IntRange(0, len(shape)).Draw(t, "dropped"):])
	for i := range s {
		if rapid.Bool().Draw(t, "repeated") {
			s[i] = 1
		}
	}
	return s
}

func TestGemmIsItsDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		rows, depth, cols := rapid.IntRange(1, 9).Draw(t, "rows"), rapid.IntRange(1, 9).Draw(t, "depth"), rapid.IntRange(1, 9).Draw(t, "cols")
		op := ir.Gemm{
			Alpha: rapid.SampledFrom([]float32{1, 0.5}).Draw(t, "alpha"), Beta: rapid.SampledFrom([]float32{1, -2}).Draw(t, "beta"),
			TransA: rapid.Bool().Draw(t, "transA"), TransB: rapid.Bool().Draw(t, "transB"),
		}
		a, b := randomTensor(r, rows, depth), randomTensor(r, depth, cols)
		if op.TransA {
			a = randomTensor(r, depth, rows)
		}
		if op.TransB {
			b = randomTensor(r, cols, depth)
		}
		bias := randomTensor(r, drawBroadcast(t, []int{rows, cols})...)
		want := ir.Floats(nil, rows, cols)
		for _, o := range box(want.Shape) {
			var sum float64
			for p := range depth {
				left, right := []int{o[0], p}, []int{p, o[1]}
				if op.TransA {
					slices.Reverse(left)
				}
				if op.TransB {
					slices.Reverse(right)
				}
				sum += at(a, left) * at(b, right)
			}
			want.F = append(want.F, op.Alpha*float32(sum)+op.Beta*float32(at(bias, o)))
		}
		fixed := rapid.Bool().Draw(t, "constant")
		checkBothWays(t, op, []*ir.Tensor{a, b, bias}, []bool{false, fixed, fixed}, want)
	})
}

// TestElementwiseBroadcasts covers operators of two and of three operands.
func TestElementwiseBroadcasts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		shape := rapid.SliceOfN(rapid.IntRange(1, 4), 0, 4).Draw(t, "shape")
		a, b := randomTensor(r, drawBroadcast(t, shape)...), randomTensor(r, drawBroadcast(t, shape)...)
		op := rapid.SampledFrom([]ir.Op{
			ir.Add{}, ir.Binary{Fn: ir.Sub}, ir.Binary{Fn: ir.Mul}, ir.Binary{Fn: ir.Div}, ir.Where{},
		}).Draw(t, "op")
		in := []*ir.Tensor{a, b}
		if op == (ir.Where{}) {
			cond := randomTensor(r, drawBroadcast(t, shape)...)
			in = append([]*ir.Tensor{{DType: ir.Bool, Shape: cond.Shape}}, in...)
			for _, x := range cond.F {
				in[0].B = append(in[0].B, x > 0)
			}
		}
		types := make([]ir.Type, len(in))
		for i, x := range in {
			types[i] = x.Type()
		}
		out, err := op.Infer(types)
		if err != nil {
			t.Fatal(err)
		}
		want := ir.Floats(nil, out[0].Shape.Ints()...)
		for _, p := range box(want.Shape) {
			want.F = append(want.F, float32(elementwise(op, in, p)))
		}
		fixed := rapid.Bool().Draw(t, "constant")
		checkBothWays(t, op, in, []bool{false, fixed, false}[:len(in)], want)
	})
}

// elementwise is op's definition for element p of the result.
func elementwise(op ir.Op, in []*ir.Tensor, p []int) float64 {
	if op == (ir.Where{}) {
		cond := ir.Floats(make([]float32, len(in[0].B)), in[0].Shape...)
		for i, yes := range in[0].B {
			if yes {
				cond.F[i] = 1
			}
		}
		if at(cond, p) == 1 {
			return at(in[1], p)
		}
		return at(in[2], p)
	}
	a, b := at(in[0], p), at(in[1], p)
	if op == (ir.Add{}) {
		return a + b
	}
	switch op.(ir.Binary).Fn {
	case ir.Sub:
		return a - b
	case ir.Mul:
		return a * b
	}
	return float64(float32(a) / float32(b))
}
