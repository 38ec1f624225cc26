package ann

import (
	"math"

	"ann2snn/internal/kernels"
	"ann2snn/ir"
)

func buildRelu(_ ir.Relu, n *node) (step, error) {
	return n.clamp(kernels.LimitsF32{Low: 0, High: float32(math.Inf(1))})
}
