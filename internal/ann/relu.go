package ann

import "ann2snn/ir"

func buildRelu(_ ir.Relu, n *node) (step, error) {
	return n.mapFloats(func(dst, src []float32) {
		for i, x := range src {
			dst[i] = max(x, 0) // without a branch, which would be mispredicted half the time
		}
	})
}
