package ann

import (
	"math"

	"ann2snn/ir"
)

func buildFakeQuant(op ir.FakeQuant, n *node) (step, error) {
	x, out := n.in[0], n.out[0]
	low, high := float64(op.Low), float64(op.High)
	if n.in[1].n == 1 {
		return func(m *memory) error {
			scale, dst := n.in[1].floats(m)[0], out.floats(m)
			for i, v := range x.floats(m) {
				dst[i] = float32(toLevel(v/scale, low, high)) * scale
			}
			return nil
		}, nil
	}
	scale, _ := n.scaling(ir.Scaling{Axis: op.Axis})
	return func(m *memory) error {
		dst := out.floats(m)
		for i, v := range x.floats(m) {
			s := scale(m, i)
			dst[i] = float32(toLevel(v/s, low, high)) * s
		}
		return nil
	}, nil
}

// toLevel rounds x, halves to even, and holds it to low..high; NaN becomes low, as ONNX Runtime
// has it on x86.
func toLevel(x float32, low, high float64) float64 {
	if x != x {
		return low
	}
	return max(low, min(math.RoundToEven(float64(x)), high))
}
