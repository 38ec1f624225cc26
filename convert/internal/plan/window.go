package plan

import (
	"fmt"

	"ann2snn/ir"
	"ann2snn/snn"
)

// windowOf returns the 2-D form of a window of kernel lengths over spatial axes of lengths
// in. A single axis becomes the horizontal one. The end padding covers what Ceil adds. The
// second result is the window of the graph with its defaults filled in.
func windowOf(w ir.Window, kernel, in []int) (snn.Window, ir.Window, error) {
	r, out, err := w.Resolve(kernel, in)
	if err != nil {
		return snn.Window{}, r, err
	}
	if len(kernel) > 2 {
		return snn.Window{}, r, fmt.Errorf("its window has %d spatial axes, want 1 or 2", len(kernel))
	}
	s := snn.Window{Kernel: [2]int{1, 1}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}}
	for i := range kernel {
		axis := 2 - len(kernel) + i
		s.Kernel[axis], s.Stride[axis], s.Dilation[axis] = kernel[i], r.Strides[i], r.Dilations[i]
		begin, end := r.Pads[i], r.Pads[len(kernel)+i]
		reach := (out[i]-1)*r.Strides[i] + (kernel[i]-1)*r.Dilations[i] + 1
		s.Pad[axis], s.Pad[axis+2] = begin, max(end, reach-begin-in[i])
	}
	return s, r, nil
}

// overAll returns the window that covers a whole map.
func overAll(s snn.Shape) snn.Window {
	return snn.Window{Kernel: [2]int{s.H, s.W}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}}
}
