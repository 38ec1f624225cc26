package passes

import (
	"slices"

	"ann2snn/ir"
)

// moved is a node as it works on the inputs of the Transposes in front of it; its
// outputs then have to be transposed by perm.
type moved struct {
	op   ir.Op
	in   []ir.ValueID
	perm []int
}

// move returns node i without the Transposes in front of it, or nil where it has none or
// depends on the order of axes.
func (r *rewriter) move(i int) (*moved, error) {
	if n := operandsOf(r.Nodes[i].Op); n > 0 {
		return r.moveElementwise(i, n)
	}
	x, perm, ok := r.transposeOf(r.in(i, 0))
	if !ok || slices.Contains(r.Inputs, x) {
		return nil, nil
	}
	in := slices.Clone(r.Nodes[i].In)
	in[0] = x
	switch op := r.Nodes[i].Op.(type) {
	case ir.Concat:
		return r.moveConcat(i, op)
	case ir.FakeQuant:
		op.Axis = movedAxis(op.Axis, perm)
		return &moved{op, in, perm}, nil
	case ir.Gather:
		op.Axis = movedAxis(op.Axis, perm)
		return unless(len(r.Type(in[1]).Shape) != 1, &moved{op, in, perm}), nil
	case ir.Pad:
		return r.movePad(i, op, in, perm)
	case ir.Reduce:
		return r.moveReduce(i, op, in, perm)
	case ir.Slice:
		return r.moveSlice(in, perm), nil
	case ir.LogSoftmax:
		op.Axis = movedAxis(op.Axis, perm)
		return unless(op.Flatten, &moved{op, in, perm}), nil
	case ir.Softmax:
		op.Axis = movedAxis(op.Axis, perm)
		return unless(op.Flatten, &moved{op, in, perm}), nil
	case ir.Split:
		op.Axis = movedAxis(op.Axis, perm)
		return &moved{op, in, perm}, nil
	case ir.Squeeze:
		return r.moveSqueeze(i, op, in, perm), nil
	}
	return nil, nil
}

// operandsOf returns how many inputs of an elementwise operator broadcast against each
// other, 0 for other operators.
func operandsOf(op ir.Op) int {
	switch op.(type) {
	case ir.Add, ir.Binary, ir.PRelu:
		return 2
	case ir.Cast, ir.Clip, ir.Elu, ir.HardSigmoid, ir.HardSwish, ir.LeakyRelu, ir.Relu,
		ir.SiLU, ir.Sigmoid, ir.Tanh, ir.ThresholdedRelu, ir.Unary:
		return 1
	}
	return 0
}

// moveElementwise needs every operand to be constant or transposed alike.
func (r *rewriter) moveElementwise(i, operands int) (*moved, error) {
	rank := len(r.Type(r.out(i)).Shape)
	m := &moved{op: r.Nodes[i].Op, in: slices.Clone(r.Nodes[i].In)}
	if !r.dropTransposes(m, operands, rank) {
		return nil, nil
	}
	for j, v := range m.in[:operands] {
		c := r.constant(v)
		if c == nil || c.Len() == 1 && len(c.Shape) <= rank {
			continue
		}
		shape := append(slices.Repeat([]int{1}, rank-len(c.Shape)), c.Shape...)
		t, err := transposed(withShape(c, shape...), inverse(m.perm)...)
		if err != nil {
			return nil, err
		}
		m.in[j] = r.constantLike(v, t)
	}
	return m, nil
}

// dropTransposes replaces the first operands of m, each of rank axes unless constant,
// by what they are the Transpose of, and reports whether all have the same permutation.
// A Transpose of a graph input stays.
func (r *rewriter) dropTransposes(m *moved, operands, rank int) bool {
	for j, v := range m.in[:operands] {
		if r.constant(v) != nil {
			continue
		}
		x, perm, ok := r.transposeOf(v)
		if !ok || slices.Contains(r.Inputs, x) || len(perm) != rank || m.perm != nil && !slices.Equal(perm, m.perm) {
			return false
		}
		m.in[j], m.perm = x, perm
	}
	return m.perm != nil
}

func (r *rewriter) moveConcat(i int, op ir.Concat) (*moved, error) {
	rank := len(r.Type(r.out(i)).Shape)
	m := &moved{in: slices.Clone(r.Nodes[i].In)}
	if !r.dropTransposes(m, len(m.in), rank) {
		return nil, nil
	}
	for j, v := range m.in {
		if c := r.constant(v); c != nil {
			t, err := transposed(c, inverse(m.perm)...)
			if err != nil {
				return nil, err
			}
			m.in[j] = r.constantLike(v, t)
		}
	}
	op.Axis = movedAxis(op.Axis, m.perm)
	m.op = op
	return m, nil
}

func (r *rewriter) movePad(i int, op ir.Pad, in []ir.ValueID, perm []int) (*moved, error) {
	begin, end, err := op.Ends(r.types(i))
	if err != nil {
		return nil, err
	}
	back := inverse(perm)
	pads := intList(append(permute(begin, back), permute(end, back)...))
	in[1] = r.constantLike(in[1], pads)
	return &moved{op, in[:min(len(in), 3)], perm}, nil
}

func (r *rewriter) moveReduce(i int, op ir.Reduce, in []ir.ValueID, perm []int) (*moved, error) {
	axes, err := op.Axes(r.types(i))
	if err != nil || len(axes) == 0 {
		return nil, err
	}
	list := r.value(r.Value(r.out(i)).Name+".axes", intList(sorted(permute(perm, axes))).Type())
	m := &moved{op, []ir.ValueID{in[0], list}, perm}
	if !op.KeepDims {
		m.perm = without(perm, axes)
	}
	return m, nil
}

func (r *rewriter) moveSqueeze(i int, op ir.Squeeze, in []ir.ValueID, perm []int) *moved {
	shape := r.Type(r.in(i, 0)).Shape
	var axes []int
	if r.in(i, 1) == ir.None {
		for a, d := range shape {
			if d.N == 1 {
				axes = append(axes, a)
			}
		}
	} else {
		for _, a := range r.constant(r.in(i, 1)).I {
			axes = append(axes, (int(a)+len(perm))%len(perm))
		}
	}
	list := r.value(r.Value(r.out(i)).Name+".axes", intList(sorted(permute(perm, axes))).Type())
	return &moved{op, []ir.ValueID{in[0], list}, without(perm, axes)}
}

func (r *rewriter) moveSlice(in []ir.ValueID, perm []int) *moved {
	axes := make([]int, r.constant(in[1]).Len())
	for k := range axes {
		axes[k] = perm[k]
	}
	if len(in) > 3 && in[3] != ir.None {
		for k, a := range r.constant(in[3]).I {
			axes[k] = movedAxis(int(a), perm)
		}
	}
	list := r.value(r.Value(in[1]).Name+".axes", intList(axes).Type())
	return &moved{ir.Slice{}, append(append(in[:3:3], list), in[min(len(in), 4):]...), perm}
}

// movedAxis is the axis of x that is axis a of Transpose(x).
func movedAxis(a int, perm []int) int { return perm[(a+len(perm))%len(perm)] }

// without is the permutation of the axes that remain when axes of the transposed value
// are dropped.
func without(perm, axes []int) []int {
	var kept []int
	for k, a := range perm {
		if !slices.Contains(axes, k) {
			kept = append(kept, a)
		}
	}
	order := sorted(kept)
	for k, a := range kept {
		kept[k], _ = slices.BinarySearch(order, a)
	}
	return kept
}

func unless(not bool, m *moved) *moved {
	if not {
		return nil
	}
	return m
}

func sorted(list []int) []int {
	out := slices.Clone(list)
	slices.Sort(out)
	return out
}
