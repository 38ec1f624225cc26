package ann

import (
	"math"

	"ann2snn/ir"
)

func buildTanh(_ ir.Tanh, n *node) (step, error) { return n.mapDouble(math.Tanh) }
