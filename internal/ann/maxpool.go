package ann

import (
	"math"

	"ann2snn/internal/kernels/f32"
	"ann2snn/ir"
)

func buildMaxPool(op ir.MaxPool, n *node) (step, error) {
	g, err := geometry(op.Window, op.Kernel, n.in[0], n.out[0])
	if err != nil {
		return nil, err
	}
	lowest := float32(math.Inf(-1))
	if n.in[0].interleaved {
		w, err := n.mapWindow(g, lowest)
		if err != nil {
			return nil, err
		}
		return w.step(f32.NewMaxPool(n.packs.set, w.large, w.out.spatial(), w.shape)), nil
	}
	w, err := n.windows(g, lowest)
	if err != nil {
		return nil, err
	}
	return w.eachChannel(n.out[0], func(dst, src []float32) {
		f32.MaxPoolPlane(dst, src, w.Windows)
	}), nil
}

// eachChannel makes the step that computes every channel of out from one of the input.
func (w *windows) eachChannel(out *value, compute func(dst, src []float32)) step {
	pixels := len(w.Start)
	return func(m *memory) error {
		dst := out.floats(m)
		for i := range out.shape[0] {
			src := w.sample(m, i)
			for c := range w.channels {
				at := (i*w.channels + c) * pixels
				compute(dst[at:at+pixels], src[c*w.Plane:(c+1)*w.Plane])
			}
		}
		return nil
	}
}
