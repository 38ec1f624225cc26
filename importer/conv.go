package importer

import (
	"slices"

	"ann2snn/ir"
)

var opConv = operator{name: "Conv", forms: []form{{
	since: []int{1, 11, 22}, inputs: arity{2, 3},
	decode: decodeConv,
}}}

// decodeConv checks kernel_shape, which the IR does not keep, against the weights.
func decodeConv(n *node) ir.Op {
	kernel, axes := n.kernelShape(), -1
	if len(kernel) > 0 {
		axes = len(kernel)
	}
	if w := n.constant(1); w != nil {
		if len(w.Shape) < 3 {
			n.failf("the weights have shape %v, want at least 3 axes", w.Shape)
			return nil
		}
		if len(kernel) > 0 && !slices.Equal(kernel, w.Shape[2:]) {
			n.failf("attribute kernel_shape is %d, but the weights have shape %d", kernel, w.Shape)
		}
		axes = len(w.Shape) - 2
	}
	window := n.window(axes)
	window.Dilations = n.dilations(axes)
	return ir.Conv{Window: window, Group: n.int("group", 1, 1, ir.MaxElems)}
}
