package ann

import (
	"fmt"

	"ann2snn/internal/kernels/f32"
	"ann2snn/ir"
)

// windows is a sliding window over the channels of one input.
type windows struct {
	*f32.Windows
	in       *value
	padded   *value // scratch for all channels of one sample, nil where none is needed
	channels int
	fill     float32 // what the padding holds
}

// geometry resolves a window over input x for the spatial lengths of out.
func geometry(w ir.Window, kernel []int, x, out *value) (f32.Geometry, error) {
	in := x.shape[2:]
	r, _, err := w.Resolve(kernel, in)
	if err != nil {
		return f32.Geometry{}, err
	}
	return f32.Geometry{
		In: in, Out: out.shape[2:], Kernel: kernel,
		Strides: r.Strides, Dilations: r.Dilations, Begin: r.Pads[:len(kernel)],
	}, nil
}

// maxPadding bounds the memory for padded inputs: a multiple of the input, or so many
// elements where that is little. Wider padding computes nothing but border.
const (
	maxPaddingFactor = 16
	maxPaddingElems  = 1 << 24
)

// windows prepares n to read its first input through the windows of g.
func (n *node) windows(g f32.Geometry, fill float32) (*windows, error) {
	x := n.in[0]
	if err := checkPadding(g, x); err != nil {
		return nil, err
	}
	w := &windows{Windows: f32.NewWindows(g), in: x, channels: x.shape[1], fill: fill}
	if w.Padded {
		w.padded = n.temporary(w.channels * w.Plane)
	}
	return w, nil
}

// checkPadding refuses too wide a border around x.
func checkPadding(g f32.Geometry, x *value) error {
	elems := x.shape[1]
	for _, length := range g.Padded() {
		if length > 0 && elems > max(maxPaddingElems, maxPaddingFactor*x.n)/length {
			return fmt.Errorf("the input %v becomes too large by padding to %v", x.shape, g.Padded())
		}
		elems *= length
	}
	return nil
}

// sample returns the padded channels of one sample.
func (w *windows) sample(m *memory, i int) []float32 {
	size := product(w.in.shape[1:])
	x := w.in.floats(m)[i*size : (i+1)*size]
	if !w.Padded {
		return x
	}
	padded := w.padded.floats(m)
	w.Pad(padded, x, w.fill)
	return padded
}
