package ann

import (
	"slices"

	"ann2snn/ir"
)

func buildConstantOfShape(op ir.ConstantOfShape, n *node) (step, error) {
	out := n.out[0]
	t := &ir.Tensor{DType: out.dtype, Shape: out.shape, Stored: op.Value.Stored}
	switch t.DType {
	case ir.Float32:
		t.F = slices.Repeat(op.Value.F, out.n)
	case ir.Int64:
		t.I = slices.Repeat(op.Value.I, out.n)
	case ir.Bool:
		t.B = slices.Repeat(op.Value.B, out.n)
	}
	out.constant = t
	return nil, nil
}
