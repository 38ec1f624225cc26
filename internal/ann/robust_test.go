package ann_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/internal/ann"
	"ann2snn/ir"
)

// drawTensor draws a tensor of any element type; axes may have length 0.
func drawTensor(t *rapid.T, rank int) *ir.Tensor {
	shape := rapid.SliceOfN(rapid.IntRange(0, 3), rank, rank).Draw(t, "shape")
	n := 1
	for _, l := range shape {
		n *= l
	}
	switch rapid.SampledFrom([]ir.DType{ir.Float32, ir.Float32, ir.Float32, ir.Int64, ir.Bool}).Draw(t, "type") {
	case ir.Int64:
		return ir.Ints(rapid.SliceOfN(rapid.Int64Range(-4, 4), n, n).Draw(t, "ints"), shape...)
	case ir.Bool:
		return ir.Bools(rapid.SliceOfN(rapid.Bool(), n, n).Draw(t, "bools"), shape...)
	}
	return ir.Floats(rapid.SliceOfN(rapid.Float32(), n, n).Draw(t, "floats"), shape...)
}

// drawInts draws a list such as axes, pads, shapes, indices.
func drawInts(t *rapid.T) *ir.Tensor {
	list := rapid.SliceOfN(rapid.Int64Range(-3, 3), 0, 4).Draw(t, "list")
	return ir.Ints(list, len(list))
}

// drawOp draws an operator whose attributes may not suit any input.
func drawOp(t *rapid.T) ir.Op {
	axis := rapid.IntRange(-4, 4).Draw(t, "axis")
	kernel := rapid.SliceOfN(rapid.IntRange(1, 3), 1, 2).Draw(t, "kernel")
	window := ir.Window{
		AutoPad: rapid.SampledFrom([]ir.AutoPad{ir.Explicit, ir.SameUpper, ir.SameLower, ir.Valid}).Draw(t, "autoPad"),
		Strides: rapid.SliceOfN(rapid.IntRange(1, 3), len(kernel), len(kernel)).Draw(t, "strides"),
	}
	pool := window
	pool.Ceil = rapid.Bool().Draw(t, "ceil")
	flag := rapid.Bool().Draw(t, "flag")
	ops := slices.Concat(ir.Ops(), []ir.Op{
		ir.AveragePool{Kernel: kernel, Window: pool, CountPad: flag},
		ir.MaxPool{Kernel: kernel, Window: pool},
		ir.Conv{Group: rapid.IntRange(1, 2).Draw(t, "group"), Window: window},
		ir.Binary{Fn: rapid.SampledFrom([]ir.BinaryFn{ir.Sub, ir.Mul, ir.Div, ir.Pow, ir.Equal}).Draw(t, "binary")},
		ir.Unary{Fn: rapid.SampledFrom([]ir.UnaryFn{ir.Neg, ir.Sqrt, ir.Log, ir.Floor}).Draw(t, "unary")},
		ir.Cast{To: rapid.SampledFrom([]ir.DType{ir.Float32, ir.Int64, ir.Bool}).Draw(t, "to"), Stored: "int8"},
		ir.Concat{Axis: axis},
		ir.Flatten{Axis: axis},
		ir.Gather{Axis: axis},
		ir.Softmax{Axis: axis, Flatten: flag},
		ir.Gemm{Alpha: 2, Beta: 3, TransA: flag, TransB: !flag},
		ir.Pad{Mode: rapid.SampledFrom([]ir.PadMode{ir.PadConstant, ir.PadReflect, ir.PadEdge, ir.PadWrap}).Draw(t, "mode")},
		ir.Reduce{Fn: rapid.SampledFrom([]ir.ReduceFn{ir.Mean, ir.Sum}).Draw(t, "reduce"), KeepDims: flag, NoopEmpty: flag},
		ir.Reshape{AllowZero: flag},
		ir.Split{Axis: axis, Parts: 2},
	})
	return rapid.SampledFrom(ops).Draw(t, "op")
}

// TestEvalSurvivesAnything holds that whatever Infer accepts can be evaluated, or is an
// error, and that the result is as inferred. Infer refuses most of what is drawn.
func TestEvalSurvivesAnything(t *testing.T) {
	evaluated := 0
	rapid.Check(t, func(t *rapid.T) {
		for range 100 {
			op, in := drawOp(t), drawInputs(t)
			types := make([]ir.Type, len(in))
			for i, tensor := range in {
				types[i] = tensor.Type()
			}
			want, err := op.Infer(types)
			if err != nil {
				continue
			}
			evaluated++
			if out, err := ann.Eval(op, in); err == nil {
				checkTypes(t, op, out, want)
			}
		}
	})
	if evaluated < 50 {
		t.Errorf("%d draws were evaluated, too few to show anything", evaluated)
	}
}

func drawInputs(t *rapid.T) []*ir.Tensor {
	rank := rapid.IntRange(0, 4).Draw(t, "rank")
	in := make([]*ir.Tensor, rapid.IntRange(1, 5).Draw(t, "inputs"))
	for i := range in {
		if in[i] = drawInts(t); rapid.Bool().Draw(t, "tensor") {
			in[i] = drawTensor(t, rapid.SampledFrom([]int{rank, rank, 0, 1, 2}).Draw(t, "rank of input"))
		}
	}
	return in
}

func checkTypes(t *rapid.T, op ir.Op, out []*ir.Tensor, want []ir.Type) {
	t.Helper()
	for i, w := range want {
		if out[i].DType != w.DType || !slices.Equal(out[i].Shape, w.Shape.Ints()) {
			t.Fatalf("output %d of %#v is %v %v, want %v", i, op, out[i].DType, out[i].Shape, w)
		}
		if got := len(out[i].F) + len(out[i].I) + len(out[i].B); got != w.Elems() {
			t.Fatalf("output %d of %#v has %d elements, want %d", i, op, got, w.Elems())
		}
	}
}
