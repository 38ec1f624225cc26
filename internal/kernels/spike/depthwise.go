package spike

import "ann2snn/snn"

// Depthwise is a 2-D convolution in which every input channel has output channels
// of its own (groups equal to the input channels), in channel-last order. It is
// immutable. Sums are in the order kernel row, column.
type Depthwise[S Level, W Weight] struct {
	in, out snn.Shape
	window  snn.Window
	packed  []W // ky, kx, out
}

// NewDepthwise packs weights given in the order out, ky, kx. out.C is a multiple
// of in.C.
func NewDepthwise[S Level, W Weight](in, out snn.Shape, window snn.Window, weights []W) *Depthwise[S, W] {
	d := &Depthwise[S, W]{in: in, out: out, window: window, packed: make([]W, len(weights))}
	taps := window.Kernel[0] * window.Kernel[1]
	for o := range out.C {
		for k := range taps {
			d.packed[k*out.C+o] = weights[o*taps+k]
		}
	}
	return d
}

// Add adds the convolution of src to dst. It needs no working memory; w may end the work.
func (d *Depthwise[S, W]) Add(dst, src []S, _ *Events[S], w *Watch) {
	forWindows(d.in, d.out, &d.window, w, func(o, i, tap int) {
		addProducts(dst[o:][:d.out.C], src[i:][:d.in.C], d.packed[tap*d.out.C:][:d.out.C])
	})
}

// addProducts adds src[c]*weights[c*m+j] to acc[c*m+j], m = len(acc)/len(src).
//
//nolint:unconvert // converting the products forbids fused multiply-adds, which round differently
func addProducts[S Level, W Weight](acc, src []S, weights []W) {
	m := len(acc) / len(src)
	if m == 1 {
		acc, weights = acc[:len(src)], weights[:len(src)]
		for c, k := range src {
			acc[c] += S(k * S(weights[c]))
		}
		return
	}
	for c, k := range src {
		a, w := acc[c*m:][:m], weights[c*m:][:m]
		for j := range a {
			a[j] += S(k * S(w[j]))
		}
	}
}

// forWindows calls f for every pixel of every window inside the input map, in the order
// y, x, ky, kx, with the offsets of the output and input pixel and the kernel position.
// watch may end it after any window.
func forWindows(in, out snn.Shape, w *snn.Window, watch *Watch, f func(o, i, tap int)) {
	for y := range out.H {
		fromY, toY, top := w.Taps(0, y, in.H)
		for x := range out.W {
			if watch.over((toY - fromY) * w.Kernel[1] * out.C) {
				return
			}
			fromX, toX, left := w.Taps(1, x, in.W)
			o := (y*out.W + x) * out.C
			for ky := fromY; ky < toY; ky++ {
				row := (top + ky*w.Dilation[0]) * in.W
				for kx := fromX; kx < toX; kx++ {
					f(o, (row+left+kx*w.Dilation[1])*in.C, ky*w.Kernel[1]+kx)
				}
			}
		}
	}
}
