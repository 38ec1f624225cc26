package importer

import (
	"slices"

	"ann2snn/ir"
)

var opConvTranspose = operator{name: "ConvTranspose", forms: []form{{
	since: []int{1, 11, 22}, inputs: arity{2, 3},
	decode: decodeConvTranspose,
}}}

func decodeConvTranspose(n *node) ir.Op {
	conv, _ := decodeConv(n).(ir.Conv)
	axes := -1
	if w := n.constant(1); w != nil {
		axes = len(w.Shape) - 2
	}
	shape := n.ints("output_shape", 1, ir.MaxElems)
	if axes >= 0 && len(shape) == axes+2 { // without batch and channels
		shape = slices.Clone(shape[2:])
	}
	return ir.ConvTranspose{
		Window: conv.Window, Group: conv.Group,
		OutputPadding: n.perAxis("output_padding", axes, 0), OutputShape: shape,
	}
}
