package importer

import "ann2snn/ir"

const trainingMode = "is in training mode (export the model for inference)"

var opBatchNormalization = operator{
	name: "BatchNormalization", note: "inference only; opset 7 with spatial=1",
	forms: []form{
		{since: []int{7}, inputs: arity{5, 5}, outputs: 5, decode: decodeBatchNorm7},
		{since: []int{9}, inputs: arity{5, 5}, outputs: 5, decode: decodeBatchNorm9},
		{since: []int{14, 15}, inputs: arity{5, 5}, outputs: 3, decode: decodeBatchNorm14},
	},
}

func decodeBatchNorm7(n *node) ir.Op {
	if !n.flag("spatial", true) {
		n.reject("spatial=0, statistics per element, is not supported")
	}
	return decodeBatchNorm9(n)
}

// decodeBatchNorm9 recognises training by further outputs, the running statistics.
func decodeBatchNorm9(n *node) ir.Op {
	n.float("momentum", 0) // of training
	if len(trim(n.out)) > 1 {
		n.reject(trainingMode)
	}
	epsilon := n.float("epsilon", 1e-5)
	if epsilon < 0 {
		n.failf("attribute epsilon is %v, want at least 0", epsilon)
	}
	return ir.BatchNorm{Epsilon: epsilon}
}

func decodeBatchNorm14(n *node) ir.Op {
	if n.flag("training_mode", false) {
		n.reject(trainingMode)
	}
	return decodeBatchNorm9(n)
}
