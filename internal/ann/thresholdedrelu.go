package ann

import "ann2snn/ir"

func buildThresholdedRelu(op ir.ThresholdedRelu, n *node) (step, error) {
	return n.mapEach(func(x float32) float32 {
		if x > op.Alpha {
			return x
		}
		return 0
	})
}
