package nir

import (
	"ann2snn/internal/hdf5"
	"ann2snn/snn"
)

func (g *graph) conv(op *snn.Conv) signal {
	in := g.in(0)
	kernel := op.Window.Kernel
	depth := in.shape.C / op.Groups
	return g.convolve("", in, &op.Window, op.Groups,
		func(o, i, y, x int) float32 {
			return float32(op.W.Q[((o*kernel[0]+y)*kernel[1]+x)*depth+i])
		},
		func(o int) float32 { return g.bias(op.W.IntBias, o) })
}

// convolve adds a Conv2d. NIR pads alike on both sides; where the window does not, rows
// or columns of zeros in the kernel make up for it.
func (g *graph) convolve(role string, in signal, w *snn.Window, groups int, weight func(o, i, y, x int) float32, bias func(o int) float32) signal {
	out := signal{shape: g.layer.Shape}
	if in.flat {
		g.lose("a vector cannot become a map again, NIR has no reshape", "a model without the reshape")
		return out
	}
	rows, columns := balance(w, 0, in.shape.H, out.shape.H), balance(w, 1, in.shape.W, out.shape.W)
	if rows == nil || columns == nil {
		g.lose("this padding of a dilated kernel has no NIR form", "a model that pads alike on both sides")
		return out
	}
	depth := in.shape.C / groups
	dims := []int{out.shape.C, depth, rows.kernel, columns.kernel}
	size := out.shape.C * depth * rows.kernel * columns.kernel
	return out.of(g.part(role, "Conv2d", hdf5.Group{
		"input_shape": ints(in.shape.H, in.shape.W),
		"weight": g.array(dims, size, func(i int) float32 {
			x, y := i%columns.kernel-columns.before, i/columns.kernel%rows.kernel-rows.before
			if x < 0 || x >= w.Kernel[1] || y < 0 || y >= w.Kernel[0] {
				return 0
			}
			i /= columns.kernel * rows.kernel
			return weight(i/depth, i%depth, y, x)
		}),
		"bias":     g.array([]int{out.shape.C}, out.shape.C, bias),
		"stride":   ints(w.Stride[0], w.Stride[1]),
		"padding":  ints(rows.pad, columns.pad),
		"dilation": ints(w.Dilation[0], w.Dilation[1]),
		"groups":   hdf5.Int(int64(groups)),
	}, in))
}

// pointwise is convolve for a kernel of one element.
func (g *graph) pointwise(role string, in signal, groups int, weight func(o, i int) float32, bias func(o int) float32) signal {
	one := [2]int{1, 1}
	w := &snn.Window{Kernel: one, Stride: one, Dilation: one}
	return g.convolve(role, in, w, groups, func(o, i, _, _ int) float32 { return weight(o, i) }, bias)
}

func nothing(int) float32 { return 0 }
