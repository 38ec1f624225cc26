package ann

import (
	"slices"

	"ann2snn/internal/kernels/f32"
	"ann2snn/ir"
)

// The kernels of windows take maps with channels last; in ONNX channels follow the samples.
// Their outputs lie channels last in memory, and so do those of operators that take any
// order (builder.anyOrder). Other operators, and callers, get the order of ONNX.

// isMap reports whether v has channels and one or two spatial axes.
func (v *value) isMap() bool {
	return v.dtype == ir.Float32 && (len(v.shape) == 3 || len(v.shape) == 4)
}

// spatial returns the extent of a map; one axis makes a single row.
func (v *value) spatial() f32.Map {
	size := planar(v.shape[2:], 1)
	return f32.Map{H: size[0], W: size[1], C: v.shape[1]}
}

// planar gives a list for one axis a first axis.
func planar(list []int, first int) [2]int {
	if len(list) == 1 {
		return [2]int{first, list[0]}
	}
	return [2]int(list)
}

// interleave lets a map lie channels last, if that makes a difference.
func (v *value) interleave(last bool) {
	v.interleaved = last && v.isMap() && v.shape[1] != 1 && product(v.shape[2:]) != 1
}

// reordered returns v channels last or in the order of ONNX, by a step before n if need be.
func (n *node) reordered(v *value, last bool) *value {
	if v == nil || v.interleaved == last || !v.isMap() {
		return v
	}
	if v.other == nil {
		w := &value{dtype: v.dtype, shape: v.shape, n: v.n}
		if w.interleave(last); w.interleaved != last {
			return v
		}
		v.other, w.other = w, v
		if v.constant != nil {
			w.constant = &ir.Tensor{DType: ir.Float32, Shape: v.shape, F: make([]float32, v.n)}
			w.reorder(f32.NewWorker(n.packs.set), w.constant.F, v.constant.F)
		} else {
			n.before = append(n.before, &node{packs: n.packs, in: []*value{v}, out: []*value{w}})
		}
	}
	return v.other
}

// reorderStep makes the step of a node that reordered put before another.
func (n *node) reorderStep() step {
	in, out := n.in[0], n.out[0]
	return func(m *memory) error {
		out.reorder(m.worker, out.floats(m), in.floats(m))
		return nil
	}
}

// reorder brings elements of a map to the order of v.
func (v *value) reorder(w *f32.Worker, dst, src []float32) {
	samples, channels := v.shape[0], v.shape[1]
	size := channels * product(v.shape[2:])
	for i := range samples {
		to, from := dst[i*size:(i+1)*size], src[i*size:(i+1)*size]
		if v.interleaved {
			w.Transpose(to, from, channels, size/channels)
		} else {
			w.Transpose(to, from, size/channels, channels)
		}
	}
}

// inONNXOrder copies the elements of v to dst in the order of ONNX.
func (v *value) inONNXOrder(w *f32.Worker, dst, elems []float32) {
	if !v.interleaved {
		copy(dst, elems)
		return
	}
	(&value{shape: v.shape}).reorder(w, dst, elems)
}

// alike brings the inputs of an elementwise operator to one order: channels last where one
// of them lies so and all have the shape of the output.
func (n *node) alike() {
	out, last := n.out[0], false
	for _, v := range n.in {
		if v.dtype != ir.Float32 || out.dtype != ir.Float32 || !slices.Equal(v.shape, out.shape) {
			n.toONNXOrder()
			return
		}
		last = last || v.interleaved
	}
	for i, v := range n.in {
		n.in[i] = n.reordered(v, last)
	}
	out.interleave(last)
}

// toONNXOrder brings all inputs to the order of ONNX.
func (n *node) toONNXOrder() {
	for i, v := range n.in {
		n.in[i] = n.reordered(v, false)
	}
}
