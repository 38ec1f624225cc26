package ann

import (
	"ann2snn/internal/kernels"
	"ann2snn/ir"
)

func buildGlobalAveragePool(_ ir.GlobalAveragePool, n *node) (step, error) {
	return n.foldChannels(kernels.Mean), nil
}

// foldChannels makes the step that reduces every channel to one element.
func (n *node) foldChannels(fold func(channel []float32) float32) step {
	in, out := n.in[0], n.out[0]
	plane := product(in.shape[2:])
	return func(m *memory) error {
		x := in.floats(m)
		for i := range out.floats(m) {
			out.floats(m)[i] = fold(x[i*plane : (i+1)*plane])
		}
		return nil
	}
}
