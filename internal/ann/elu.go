package ann

import (
	"math"

	"ann2snn/ir"
)

func buildElu(op ir.Elu, n *node) (step, error) {
	return n.mapEach(func(x float32) float32 {
		if x < 0 {
			return op.Alpha * float32(math.Expm1(float64(x)))
		}
		return x
	})
}
