package ann

import (
	"ann2snn/internal/kernels/f32"
	"ann2snn/ir"
)

func buildGlobalAveragePool(_ ir.GlobalAveragePool, n *node) (step, error) {
	in, out := n.in[0], n.out[0]
	if !in.interleaved {
		return n.foldChannels(f32.MeanPlane), nil
	}
	channels, size := in.shape[1], product(in.shape[1:])
	return func(m *memory) error {
		for i := range in.shape[0] {
			f32.MeanPixels(out.floats(m)[i*channels:(i+1)*channels], in.floats(m)[i*size:(i+1)*size])
		}
		return nil
	}, nil
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
