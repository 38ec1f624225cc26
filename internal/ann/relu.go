package ann

import "ann2snn/ir"

func buildRelu(_ ir.Relu, n *node) (step, error) {
	return n.mapFloats(func(dst, src []float32) {
		for i, x := range src {
			if x < 0 {
				x = 0
			}
			dst[i] = x
		}
	})
}
