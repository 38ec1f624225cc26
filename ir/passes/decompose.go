package passes

import (
	"fmt"
	"slices"
	"strings"

	"ann2snn/internal/ann"
	"ann2snn/ir"
)

// decompositions holds the operators that are rewritten to others, sorted by kind. Neither
// the executor nor the conversion knows them.
var decompositions = []decomposition{
	by((*expansion).celu),
	by((*expansion).convTranspose),
	by((*expansion).depthToSpace),
	by((*expansion).groupNorm),
	by((*expansion).instanceNorm),
	by((*expansion).layerNorm),
	by((*expansion).resize),
	by((*expansion).selu),
	by((*expansion).spaceToDepth),
}

// decomposition rewrites the nodes of one kind of operator.
type decomposition struct {
	kind    string
	rewrite func(e *expansion, op ir.Op) ir.ValueID
}

// by makes the decomposition of an operator of a function that builds the value of its
// output.
func by[O ir.Op](build func(e *expansion, op O) ir.ValueID) decomposition {
	var zero O
	return decomposition{zero.Kind(), func(e *expansion, op ir.Op) ir.ValueID { return build(e, op.(O)) }}
}

// Decomposes reports whether Run rewrites op to other operators.
func Decomposes(op ir.Op) bool {
	_, ok := decompositionOf(op)
	return ok
}

func decompositionOf(op ir.Op) (decomposition, bool) {
	i, ok := slices.BinarySearchFunc(decompositions, op.Kind(), func(d decomposition, kind string) int {
		return strings.Compare(d.kind, kind)
	})
	if !ok {
		return decomposition{}, false
	}
	return decompositions[i], true
}

// decompose rewrites operators to those that the executor and the conversion know.
func decompose(g *ir.Graph) (int, error) {
	changed, err := rewrite(g, func(r *rewriter, i int) (bool, error) {
		d, ok := decompositionOf(r.Nodes[i].Op)
		if !ok {
			return false, nil
		}
		e := &expansion{rewriter: r, node: i}
		out := d.rewrite(e, r.Nodes[i].Op)
		if e.err != nil {
			return false, fmt.Errorf("%s %q: %w", d.kind, r.Label(i), e.err)
		}
		e.replace(out)
		return true, nil
	})
	if err != nil || changed == 0 {
		return changed, err
	}
	_, err = foldConstants(g) // what was rewritten may depend on constants alone
	return changed, err
}

// An expansion is the operators that a node is rewritten to. The first error is kept, and
// nothing is added after it.
type expansion struct {
	*rewriter
	node int
	err  error
}

// shapeOf returns the axis lengths of a value.
func (e *expansion) shapeOf(v ir.ValueID) []int { return e.Type(v).Shape.Ints() }

// input returns input j of the node, or None.
func (e *expansion) input(j int) ir.ValueID { return e.in(e.node, j) }

// add adds an operator of one output and returns that. What depends on constants alone is
// computed at once, unless it grows.
func (e *expansion) add(op ir.Op, in ...ir.ValueID) ir.ValueID {
	if e.err != nil {
		return ir.None
	}
	types, tensors := make([]ir.Type, len(in)), make([]*ir.Tensor, len(in))
	constant, held := true, spareElements
	for j, v := range in {
		types[j] = e.Type(v)
		tensors[j] = types[j].Const
		constant = constant && (v == ir.None || tensors[j] != nil)
		if tensors[j] != nil {
			held += tensors[j].Len()
		}
	}
	out, err := op.Infer(types)
	if err != nil {
		e.fail(err)
		return ir.None
	}
	if constant && out[0].Elems() <= held {
		computed, err := ann.Eval(op, tensors)
		if err != nil {
			e.fail(err)
			return ir.None
		}
		return e.constant(computed[0])
	}
	v := e.value(e.Value(e.out(e.node)).Name, out[0])
	e.rewriter.add(ir.Node{Name: e.Nodes[e.node].Name, Op: op, In: in, Out: []ir.ValueID{v}})
	return v
}

// fail notes what is wrong with the node, if it is the first thing.
func (e *expansion) fail(err error) {
	if e.err == nil {
		e.err = err
	}
}

// constant adds a constant.
func (e *expansion) constant(t *ir.Tensor) ir.ValueID {
	return e.value(e.Value(e.out(e.node)).Name+".const", t.Type())
}

// ints adds a constant list of integers.
func (e *expansion) ints(list ...int) ir.ValueID { return e.constant(intList(list)) }

// reshape gives x another shape.
func (e *expansion) reshape(x ir.ValueID, dims ...int) ir.ValueID {
	return e.add(ir.Reshape{AllowZero: slices.Contains(dims, 0)}, x, e.ints(dims...))
}

// transpose permutes the axes of x.
func (e *expansion) transpose(x ir.ValueID, perm ...int) ir.ValueID {
	return e.add(ir.Transpose{Perm: perm}, x)
}

// replace makes v, the last value added, the output of the node.
func (e *expansion) replace(v ir.ValueID) {
	last := e.source(v)
	if last < 0 || last == e.node || slices.Contains(e.Nodes[e.node].In, v) || len(e.readers[v]) > 0 {
		e.setOp(e.node, ir.Identity{}, v)
		return
	}
	op, in := e.Nodes[last].Op, e.Nodes[last].In
	e.remove(last)
	e.setOp(e.node, op, in...)
}
