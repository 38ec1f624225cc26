package passes

import (
	"slices"

	"ann2snn/ir"
)

// fuseQuantisation makes one operator of a QuantizeLinear and a DequantizeLinear with the same
// scale and zero point, also where operators that only move or pick elements stand between.
func fuseQuantisation(g *ir.Graph) (int, error) {
	return rewrite(g, func(r *rewriter, i int) (bool, error) {
		op, ok := r.Nodes[i].Op.(ir.DequantizeLinear)
		if !ok || op.Block != 0 {
			return false, nil
		}
		j := r.source(r.in(i, 0))
		if j < 0 {
			return false, nil
		}
		if q, ok := r.Nodes[j].Op.(ir.QuantizeLinear); ok {
			return r.fuseLevels(i, j, op, q), nil
		}
		return r.dequantizeBefore(i, j)
	})
}

// fuseLevels makes a FakeQuant of node i, which takes apart what QuantizeLinear j made.
func (r *rewriter) fuseLevels(i, j int, op ir.DequantizeLinear, q ir.QuantizeLinear) bool {
	scale, same := r.constant(r.in(i, 1)), r.constant(r.in(j, 1))
	zero, ok := r.zeroPoint(i)
	other, ok2 := r.zeroPoint(j)
	if scale == nil || same == nil || !ok || !ok2 || zero != other || q.Block != 0 || !slices.Equal(scale.F, same.F) {
		return false
	}
	if len(scale.F) > 1 && axisOf(r, i, op.Axis) != axisOf(r, j, q.Axis) {
		return false
	}
	r.setOp(i, ir.FakeQuant{Axis: op.Axis, Low: q.Low - zero, High: q.High - zero}, r.in(j, 0), r.in(i, 1))
	return true
}

func axisOf(r *rewriter, i, axis int) int {
	if axis < 0 {
		return axis + len(r.Type(r.in(i, 0)).Shape)
	}
	return axis
}

// zeroPoint returns the zero point of node i where it is constant and the same for all elements.
func (r *rewriter) zeroPoint(i int) (int, bool) {
	v := r.in(i, 2)
	if v == ir.None {
		return 0, true
	}
	t := r.constant(v)
	if t == nil || len(t.I) == 0 || slices.Min(t.I) != slices.Max(t.I) {
		return 0, false
	}
	return int(t.I[0]), true
}

// dequantizeBefore lets DequantizeLinear i take apart the inputs of node j instead of its output,
// where j only moves or picks elements.
func (r *rewriter) dequantizeBefore(i, j int) (bool, error) {
	if r.constant(r.in(i, 1)) == nil || r.constant(r.in(i, 1)).Len() != 1 || len(r.Nodes[j].Out) != 1 {
		return false, nil
	}
	in := slices.Clone(r.Nodes[j].In)
	data := 1
	switch r.Nodes[j].Op.(type) {
	case ir.Concat:
		data = len(in)
	case ir.Expand, ir.Flatten, ir.Gather, ir.Identity, ir.MaxPool, ir.Reshape, ir.Slice, ir.Squeeze, ir.Transpose, ir.Unsqueeze:
	default:
		return false, nil
	}
	for k, v := range in[:data] {
		t := r.Type(v)
		t.DType, t.Const = ir.Float32, nil
		float := r.value(r.Value(v).Name, t)
		args := slices.Clone(r.Nodes[i].In)
		args[0] = v
		r.add(ir.Node{Name: r.Nodes[i].Name, Op: r.Nodes[i].Op, In: args, Out: []ir.ValueID{float}})
		in[k] = float
	}
	r.setOp(i, r.Nodes[j].Op, in...)
	return true, nil
}
