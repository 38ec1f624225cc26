package nir

import "ann2snn/snn"

// axis is one axis of a window that is padded alike on both sides.
type axis struct {
	pad    int
	kernel int // elements, with zeros
	before int // zeros in front of the first element
}

// balance pads an axis of a window, on which out windows fit n elements, alike on both
// sides. What the front lacks becomes zeros at the start of the kernel, and what it has
// too much, if that would let more windows fit, zeros at its end. It returns nil where
// a dilated kernel cannot be lengthened by the right amount.
func balance(w *snn.Window, a, n, out int) *axis {
	front, back, step := w.Pad[a], w.Pad[a+2], w.Dilation[a]
	missing := max(0, (back-front+step-1)/step)
	surplus := max(0, (front-back+step-1)/step)
	for _, zeros := range [][2]int{{0, 0}, {missing, surplus}} {
		s := axis{pad: front + zeros[0]*step, kernel: w.Kernel[a] + zeros[0] + zeros[1], before: zeros[0]}
		extent := (s.kernel-1)*step + 1
		if room := n + 2*s.pad - extent; room >= 0 && room/w.Stride[a]+1 == out {
			return &s
		}
	}
	return nil
}
