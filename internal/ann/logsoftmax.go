package ann

import (
	"math"

	"ann2snn/ir"
)

func buildLogSoftmax(op ir.LogSoftmax, n *node) (step, error) {
	return n.normalise(op.Axis, op.Flatten, func(x, top, sum float64) float64 {
		return x - top - math.Log(sum)
	})
}
