package nir

import (
	"ann2snn/internal/hdf5"
	"ann2snn/snn"
)

func (g *graph) sumPool(op *snn.SumPool) signal {
	in := g.in(0)
	out := g.addUp("", in, &op.Window)
	out.most = in.most * op.Window.Kernel[0] * op.Window.Kernel[1]
	return out
}

// addUp adds a pool of sums: SumPool2d, or what it cannot say as a convolution by ones.
func (g *graph) addUp(role string, in signal, w *snn.Window) signal {
	out := signal{shape: g.layer.Shape}
	rows, columns := balance(w, 0, in.shape.H, out.shape.H), balance(w, 1, in.shape.W, out.shape.W)
	if in.flat || rows == nil || columns == nil ||
		rows.kernel != w.Kernel[0] || columns.kernel != w.Kernel[1] || w.Dilation != [2]int{1, 1} {
		return g.convolve(role, in, w, in.shape.C, func(_, _, _, _ int) float32 { return 1 }, nothing)
	}
	return out.of(g.part(role, "SumPool2d", hdf5.Group{
		"kernel_size": ints(w.Kernel[0], w.Kernel[1]),
		"stride":      ints(w.Stride[0], w.Stride[1]),
		"padding":     ints(rows.pad, columns.pad),
	}, in))
}
