package ann

import (
	"slices"
	"strings"

	"ann2snn/ir"
)

// builder makes the step of a node with one kind of operator.
type builder struct {
	kind     string
	build    func(n *node) (step, error)
	anyOrder bool // takes maps with channels last too
}

// on makes a builder of a function on a concrete operator.
func on[O ir.Op](build func(op O, n *node) (step, error)) builder {
	var zero O
	return builder{zero.Kind(), func(n *node) (step, error) { return build(n.op.(O), n) }, false}
}

// onMaps is on for a function that takes maps in any order.
func onMaps[O ir.Op](build func(op O, n *node) (step, error)) builder {
	b := on(build)
	b.anyOrder = true
	return b
}

// builders holds the builder of every operator, sorted by kind.
var builders = []builder{
	onMaps(buildAdd),
	on(buildArgMax),
	onMaps(buildAveragePool),
	on(buildBatchNorm),
	onMaps(buildBinary),
	on(buildCast),
	onMaps(buildClip),
	onMaps(buildConcat),
	on(buildConstantOfShape),
	onMaps(buildConv),
	on(buildDequantize),
	onMaps(buildDropout),
	onMaps(buildActivation[ir.Elu]),
	on(buildExpand),
	on(buildFakeQuant),
	on(buildFlatten),
	on(buildGather),
	on(buildGatherElements),
	on(buildGemm),
	onMaps(buildGlobalAveragePool),
	on(buildGlobalMaxPool),
	onMaps(buildActivation[ir.HardSigmoid]),
	onMaps(buildActivation[ir.HardSwish]),
	onMaps(buildIdentity),
	onMaps(buildActivation[ir.LeakyRelu]),
	on(buildLogSoftmax),
	on(buildMatMul),
	onMaps(buildMaxPool),
	on(buildPRelu),
	on(buildPad),
	on(buildQuantize),
	on(buildRange),
	on(buildReduce),
	onMaps(buildRelu),
	on(buildReshape),
	on(buildShape),
	onMaps(buildActivation[ir.SiLU]),
	onMaps(buildActivation[ir.Sigmoid]),
	on(buildSlice),
	on(buildSoftmax),
	on(buildSplit),
	on(buildSqueeze),
	onMaps(buildActivation[ir.Tanh]),
	onMaps(buildThresholdedRelu),
	on(buildTile),
	on(buildTranspose),
	on(buildTrilu),
	onMaps(buildUnary),
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
