package ann

import "ann2snn/ir"

func buildHardSwish(_ ir.HardSwish, n *node) (step, error) {
	return n.mapFloats(func(dst, src []float32) {
		for i, x := range src {
			dst[i] = x * min(max(x/6+0.5, 0), 1)
		}
	})
}
