package importer

import (
	"slices"

	"ann2snn/ir"
)

var opTranspose = operator{name: "Transpose", forms: []form{{
	since: []int{1, 13, 21, 23, 24, 25}, inputs: arity{1, 1},
	decode: decodeTranspose,
}}}

func decodeTranspose(n *node) ir.Op {
	perm := n.ints("perm", 0, maxRank-1)
	for i, axis := range slices.Sorted(slices.Values(perm)) {
		if axis != i {
			n.failf("attribute perm is %d, which is no permutation", perm)
		}
	}
	return ir.Transpose{Perm: perm}
}
