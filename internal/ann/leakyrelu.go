package ann

import "ann2snn/ir"

func buildLeakyRelu(op ir.LeakyRelu, n *node) (step, error) {
	return n.mapFloats(func(dst, src []float32) {
		for i, x := range src {
			dst[i] = max(x, 0) + op.Alpha*min(x, 0)
		}
	})
}
