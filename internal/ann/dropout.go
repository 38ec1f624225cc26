package ann

import (
	"slices"

	"ann2snn/ir"
)

func buildDropout(_ ir.Dropout, n *node) (step, error) {
	if len(n.out) > 1 && n.out[1] != nil {
		mask := n.out[1]
		mask.constant = ir.Bools(slices.Repeat([]bool{true}, mask.n), mask.shape...)
	}
	if n.out[0] == nil {
		return nil, nil
	}
	return n.view()
}
