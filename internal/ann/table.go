package ann

import (
	"slices"
	"strings"

	"ann2snn/ir"
)

// builder makes the step of a node with one kind of operator.
type builder struct {
	kind  string
	build func(n *node) (step, error)
}

// on makes a builder of a function on a concrete operator.
func on[O ir.Op](build func(op O, n *node) (step, error)) builder {
	var zero O
	return builder{zero.Kind(), func(n *node) (step, error) { return build(n.op.(O), n) }}
}

// builders holds the builder of every operator, sorted by kind.
var builders = []builder{
	on(buildAdd),
	on(buildAveragePool),
	on(buildBatchNorm),
	on(buildBinary),
	on(buildCast),
	on(buildClip),
	on(buildConcat),
	on(buildConstantOfShape),
	on(buildConv),
	on(buildDropout),
	on(buildElu),
	on(buildExpand),
	on(buildFlatten),
	on(buildGather),
	on(buildGemm),
	on(buildGlobalAveragePool),
	on(buildGlobalMaxPool),
	on(buildHardSigmoid),
	on(buildHardSwish),
	on(buildIdentity),
	on(buildLeakyRelu),
	on(buildLogSoftmax),
	on(buildMatMul),
	on(buildMaxPool),
	on(buildPRelu),
	on(buildPad),
	on(buildReduce),
	on(buildRelu),
	on(buildReshape),
	on(buildShape),
	on(buildSiLU),
	on(buildSigmoid),
	on(buildSlice),
	on(buildSoftmax),
	on(buildSplit),
	on(buildSqueeze),
	on(buildTanh),
	on(buildTranspose),
	on(buildUnary),
	on(buildUnsqueeze),
	on(buildWhere),
}

// builderOf returns the builder for op.
func builderOf(op ir.Op) (builder, bool) {
	i, ok := slices.BinarySearchFunc(builders, op.Kind(), func(b builder, kind string) int {
		return strings.Compare(b.kind, kind)
	})
	if !ok {
		return builder{}, false
	}
	return builders[i], true
}

// Supports reports whether the executor computes op.
func Supports(op ir.Op) bool {
	_, ok := builderOf(op)
	return ok
}
