package ann

import "ann2snn/ir"

func buildSiLU(_ ir.SiLU, n *node) (step, error) {
	return n.mapDouble(func(x float64) float64 { return x * sigmoid(x) })
}
