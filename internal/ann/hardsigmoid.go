package ann

import "ann2snn/ir"

func buildHardSigmoid(op ir.HardSigmoid, n *node) (step, error) {
	return n.mapFloats(func(dst, src []float32) {
		for i, x := range src {
			dst[i] = min(max(op.Alpha*x+op.Beta, 0), 1)
		}
	})
}
