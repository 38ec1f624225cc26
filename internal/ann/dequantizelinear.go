package ann

import "ann2snn/ir"

func buildDequantize(op ir.DequantizeLinear, n *node) (step, error) {
	x, out := n.in[0], n.out[0]
	scale, zero := n.scaling(op.Scaling)
	return func(m *memory) error {
		dst := out.floats(m)
		for i, q := range elements[int64](x, m) {
			dst[i] = float32(q-zero(m, i)) * scale(m, i)
		}
		return nil
	}, nil
}
