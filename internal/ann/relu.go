package ann

import (
	"math"

	"ann2snn/internal/kernels/f32"
	"ann2snn/ir"
)

func buildRelu(_ ir.Relu, n *node) (step, error) {
	return n.clamp(f32.Limits{Low: 0, High: float32(math.Inf(1))})
}
