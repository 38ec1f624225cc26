package ann

import (
	"ann2snn/internal/kernels/f32"
	"ann2snn/ir"
)

func buildExpand(_ ir.Expand, n *node) (step, error) {
	in, out := n.in[0], n.out[0]
	p := newPick(out.shape)
	for i, stride := range broadcastStrides(in.shape, out.shape) {
		p.axes[i] = f32.Lattice(out.shape[i:i+1], []int{stride})
	}
	return p.step(out, in), nil
}
