package passes

import (
	"slices"

	"ann2snn/ir"
)

// canonicalLayout removes the transpositions around the convolutions and pools of graphs
// that were trained channels last (Keras, by way of tf2onnx). Each Transpose is pushed
// towards the outputs, through everything that works in any order of axes, until it
// meets its inverse or is absorbed by the weight of a matrix product. One that turns a
// graph input around, be it after some preprocessing, goes to that input and stays.
func canonicalLayout(g *ir.Graph) (int, error) {
	return rewrite(g, func(r *rewriter, i int) (bool, error) {
		switch op := r.Nodes[i].Op.(type) {
		case ir.Transpose:
			if r.mergeTransposes(i) {
				return true, nil
			}
			return r.pull(i)
		case ir.Gemm:
			if op != canonical {
				return false, nil
			}
			return r.absorb(i)
		}
		return r.push(i)
	})
}

// transposeOf returns x and perm where v is Transpose(x).
func (r *rewriter) transposeOf(v ir.ValueID) (x ir.ValueID, perm []int, ok bool) {
	i := r.source(v)
	if i < 0 {
		return ir.None, nil, false
	}
	op, ok := r.Nodes[i].Op.(ir.Transpose)
	if !ok {
		return ir.None, nil, false
	}
	x = r.in(i, 0)
	perm, err := op.Permutation(len(r.Type(x).Shape))
	return x, perm, err == nil
}

// mergeTransposes makes one Transpose, or none, of Transpose i and the one before it.
func (r *rewriter) mergeTransposes(i int) bool {
	x, first, ok := r.transposeOf(r.in(i, 0))
	_, second, ok2 := r.transposeOf(r.out(i))
	if !ok || !ok2 {
		return false
	}
	perm := permute(first, second)
	switch {
	case !slices.IsSorted(perm):
		r.setOp(i, ir.Transpose{Perm: perm}, x)
	case !r.bypass(i, x):
		r.setOp(i, ir.Identity{}, x)
	}
	return true
}

// push moves the Transposes before node i to its outputs.
func (r *rewriter) push(i int) (bool, error) {
	m, err := r.move(i)
	if m == nil || err != nil {
		return false, err
	}
	outs := slices.Clone(r.Nodes[i].Out)
	if !slices.IsSorted(m.perm) {
		for k, v := range outs {
			if v != ir.None {
				outs[k] = r.value(r.Value(v).Name, r.permuted(v, inverse(m.perm)))
			}
		}
	}
	old := r.Nodes[i].Out
	r.set(i, m.op, m.in, outs)
	for k, v := range old {
		if v != ir.None && v != outs[k] {
			r.transpose(outs[k], v, m.perm)
		}
	}
	return true, nil
}

// transpose adds a Transpose from x to out.
func (r *rewriter) transpose(x, out ir.ValueID, perm []int) {
	name := r.Value(out).Name
	r.add(ir.Node{Name: name, Op: ir.Transpose{Perm: perm}, In: []ir.ValueID{x}, Out: []ir.ValueID{out}})
}

// permuted is the type of Transpose(v).
func (r *rewriter) permuted(v ir.ValueID, perm []int) ir.Type {
	t := r.Type(v)
	return ir.Of(t.DType, permute(t.Shape.Ints(), perm)...)
}

// pull moves Transpose i, which brings a graph input into the order of axes that the
// layers behind it need, up to that input where only elementwise work with constants, and
// padding, stand between.
func (r *rewriter) pull(i int) (bool, error) {
	chain, top := r.preprocessing(i)
	_, again, _ := r.transposeOf(top)
	if len(chain) == 0 || again == nil && !slices.ContainsFunc(r.readers[r.out(i)], func(by reading) bool { return r.hasLayout(by.node) }) {
		return false, nil
	}
	_, perm, _ := r.transposeOf(r.out(i))
	name := r.Value(top).Name
	turned := r.value(name, r.permuted(top, perm))
	back := r.value(name, r.Type(top))
	r.transpose(top, turned, perm)
	r.transpose(turned, back, inverse(perm))
	first := chain[len(chain)-1]
	in := slices.Clone(r.Nodes[first].In)
	in[slices.Index(in, top)] = back
	r.setOp(first, r.Nodes[first].Op, in...)
	for _, j := range slices.Backward(chain) {
		if _, err := r.push(j); err != nil {
			return false, err
		}
	}
	r.mergeTransposes(i)
	return true, nil
}

// hasLayout reports whether the axes of node i's input have a fixed meaning.
func (r *rewriter) hasLayout(i int) bool {
	switch r.Nodes[i].Op.(type) {
	case ir.Conv, ir.MaxPool, ir.AveragePool, ir.GlobalMaxPool, ir.GlobalAveragePool, ir.BatchNorm:
		return true
	}
	return false
}

// preprocessing lists the nodes between Transpose i and a graph input, the last first;
// none if something else stands there. A Transpose right at the input belongs to it.
func (r *rewriter) preprocessing(i int) (chain []int, top ir.ValueID) {
	for v := r.in(i, 0); ; {
		if r.atInput(v) {
			return chain, v
		}
		j := r.source(v)
		if _, sole := r.sole(v); !sole || j < 0 {
			return nil, v
		}
		data, ok := r.dataInput(j)
		if !ok {
			return nil, v
		}
		chain = append(chain, j)
		v = data
	}
}

// atInput reports whether v is a graph input or a transposed one.
func (r *rewriter) atInput(v ir.ValueID) bool {
	if x, _, ok := r.transposeOf(v); ok {
		v = x
	}
	return slices.Contains(r.Inputs, v)
}

// dataInput returns the one input of node i that is not constant, where move can deal
// with node i and everything keeps its rank.
func (r *rewriter) dataInput(i int) (ir.ValueID, bool) {
	operands := operandsOf(r.Nodes[i].Op)
	if _, ok := r.Nodes[i].Op.(ir.Pad); ok {
		operands = 1
	}
	x := ir.None
	for _, v := range r.Nodes[i].In[:min(operands, len(r.Nodes[i].In))] {
		if r.constant(v) != nil {
			continue
		}
		if x != ir.None {
			return ir.None, false
		}
		x = v
	}
	return x, x != ir.None && len(r.Type(x).Shape) == len(r.Type(r.out(i)).Shape)
}

// absorb removes a Transpose in front of the flattened input of canonical Gemm i by
// permuting the columns of its weight.
func (r *rewriter) absorb(i int) (bool, error) {
	a, w := r.in(i, 0), r.constant(r.in(i, 1))
	view := r.source(a)
	if w == nil || view < 0 || !r.isView(view) {
		return false, nil
	}
	x, perm, ok := r.transposeOf(r.in(view, 0))
	flat := r.Type(a).Shape.Ints()
	if !ok || perm[0] != 0 || len(flat) != 2 || flat[0] != r.Type(x).Shape[0].N {
		return false, nil
	}
	columns := permute(r.Type(x).Shape.Ints(), perm)[1:]
	weight, err := permuteColumns(w, columns, inverse(perm))
	if err != nil {
		return false, err
	}
	flatter := r.value(r.Value(a).Name, r.Type(a))
	op, inputs := r.reshape(x, flatter)
	r.add(ir.Node{Name: r.Nodes[view].Name, Op: op, In: inputs, Out: []ir.ValueID{flatter}})
	in := slices.Clone(r.Nodes[i].In)
	in[0], in[1] = flatter, r.constantLike(in[1], weight)
	r.setOp(i, r.Nodes[i].Op, in...)
	return true, nil
}

// permuteColumns takes the columns of a weight [out,in] for a tensor of axes with lengths
// columns, numbered from 1 in perm, and changes their order.
func permuteColumns(w *ir.Tensor, columns, perm []int) (*ir.Tensor, error) {
	t, err := transposed(withShape(w, slices.Concat(w.Shape[:1], columns)...), perm...)
	if err != nil {
		return nil, err
	}
	return withShape(t, w.Shape...), nil
}

// permute returns list in the order of perm.
func permute(list, perm []int) []int {
	out := make([]int, len(perm))
	for i, p := range perm {
		out[i] = list[p]
	}
	return out
}

// inverse returns the permutation that undoes perm.
func inverse(perm []int) []int {
	out := make([]int, len(perm))
	for i, p := range perm {
		out[p] = i
	}
	return out
}
