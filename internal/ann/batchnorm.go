package ann

import (
	"math"

	"ann2snn/ir"
)

func buildBatchNorm(op ir.BatchNorm, n *node) (step, error) {
	n.allowOverwrite(0)
	in, out := n.in, n.out[0]
	channels := out.shape[1]
	return func(m *memory) error {
		x, y := in[0].floats(m), out.floats(m)
		scale, bias, mean, variance := in[1].floats(m), in[2].floats(m), in[3].floats(m), in[4].floats(m)
		if len(y) == 0 {
			return nil
		}
		plane := len(y) / (out.shape[0] * channels)
		for i := 0; i < len(y); i += plane {
			c := i / plane % channels
			factor := scale[c] / float32(math.Sqrt(float64(variance[c])+float64(op.Epsilon)))
			for j, v := range x[i : i+plane] {
				y[i+j] = (v-mean[c])*factor + bias[c]
			}
		}
		return nil
	}, nil
}
