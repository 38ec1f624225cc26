package ann

import (
	"math"

	"ann2snn/ir"
)

func buildGlobalMaxPool(_ ir.GlobalMaxPool, n *node) (step, error) {
	return n.foldChannels(func(channel []float32) float32 {
		best := float32(math.Inf(-1))
		for _, v := range channel {
			best = max(best, v)
		}
		return best
	}), nil
}
