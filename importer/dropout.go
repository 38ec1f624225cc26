package importer

import (
	"math"

	"ann2snn/ir"
)

var opDropout = operator{
	name: "Dropout", note: "inference only; before opset 10 without the output mask",
	forms: []form{
		{since: []int{7}, inputs: arity{1, 1}, outputs: 2, decode: decodeDropout7},
		{since: []int{10}, inputs: arity{1, 1}, outputs: 2, decode: decodeDropout10},
		{since: []int{12, 13, 22}, inputs: arity{1, 3}, outputs: 2, decode: decodeDropout12},
	},
}

// decodeDropout7 rejects the mask, which was of floats then.
func decodeDropout7(n *node) ir.Op {
	if n.reads(1) {
		n.reject("the output mask is not supported before opset 10")
	}
	n.out = n.out[:1]
	return decodeDropout10(n)
}

func decodeDropout10(n *node) ir.Op {
	n.float("ratio", 0) // of training
	return ir.Dropout{}
}

func decodeDropout12(n *node) ir.Op {
	n.int("seed", 0, math.MinInt, math.MaxInt) // of training
	if training := n.constant(2); n.hasInput(2) && !isFalse(training) {
		n.reject(trainingMode)
	}
	n.in = n.in[:1]
	return ir.Dropout{}
}

// isFalse reports whether t is known and a single false.
func isFalse(t *ir.Tensor) bool { return t != nil && len(t.B) == 1 && !t.B[0] }
