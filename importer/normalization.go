package importer

import "ann2snn/ir"

const normEpsilon = 1e-5 // where the file has none

var opInstanceNormalization = operator{name: "InstanceNormalization", becomes: ir.InstanceNorm{}, forms: []form{{
	since: []int{6, 22}, inputs: arity{3, 3},
	decode: func(n *node) ir.Op { return ir.InstanceNorm{Epsilon: n.float("epsilon", normEpsilon)} },
}}}

var opGroupNormalization = operator{name: "GroupNormalization", becomes: ir.GroupNorm{}, forms: []form{
	{since: []int{18}, inputs: arity{3, 3}, decode: func(n *node) ir.Op {
		op := n.groupNorm()
		op.PerGroup = true
		return op
	}},
	{since: []int{21}, inputs: arity{3, 3}, decode: func(n *node) ir.Op {
		n.int("stash_type", 1, 0, 1<<16) // concerns the precision of the computation only
		return n.groupNorm()
	}},
}}

func (n *node) groupNorm() ir.GroupNorm {
	n.required("num_groups")
	return ir.GroupNorm{Groups: n.int("num_groups", 1, 1, ir.MaxElems), Epsilon: n.float("epsilon", normEpsilon)}
}

var opLayerNormalization = operator{name: "LayerNormalization", note: "without the outputs Mean and InvStdDev", becomes: ir.LayerNorm{}, forms: []form{{
	since: []int{17}, inputs: arity{2, 3}, outputs: 3,
	decode: func(n *node) ir.Op {
		n.int("stash_type", 1, 0, 1<<16) // as above
		if n.reads(1) || n.reads(2) {
			n.reject("the outputs Mean and InvStdDev are not supported")
		}
		n.out = n.out[:1]
		return ir.LayerNorm{Axis: n.axis(-1), Epsilon: n.float("epsilon", normEpsilon)}
	},
}}}

// smallestNorm keeps the norm of zeros from being divided by.
const smallestNorm = 1e-30

var opLpNormalization = operator{name: "LpNormalization", becomes: ir.Binary{Fn: ir.Div}, forms: []form{{
	since: []int{1, 22}, inputs: arity{1, 1},
	decode: func(n *node) ir.Op {
		fn := ir.L2
		if n.int("p", 2, 1, 2) == 1 {
			fn = ir.L1
		}
		axes := n.t.graph.AddConst(n.t.fresh(label(n.proto)+"/axes"), ir.Ints([]int64{int64(n.axis(-1))}, 1))
		least := n.t.graph.AddConst(n.t.fresh(label(n.proto)+"/least"), ir.Floats([]float32{smallestNorm}))
		norm := n.emit(ir.Clip{}, n.emit(ir.Reduce{Fn: fn, KeepDims: true}, n.in[0], axes), least)
		n.in = []ir.ValueID{n.in[0], norm}
		return ir.Binary{Fn: ir.Div}
	},
}}}
