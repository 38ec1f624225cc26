package ann

import (
	"ann2snn/internal/kernels/f32"
	"ann2snn/ir"
)

// mapWindow is a sliding window over a map with channels last.
type mapWindow struct {
	node      *node
	in, out   *value
	padded    *value // scratch, nil where none is needed
	small     f32.Map
	large     f32.Map // small with its padding
	top, left int
	fill      float32 // what the padding holds
	shape     f32.Window
}

// mapWindow prepares n to read its first input through the windows of g.
func (n *node) mapWindow(g f32.Geometry, fill float32) (*mapWindow, error) {
	if err := checkPadding(g, n.in[0]); err != nil {
		return nil, err
	}
	n.in[0] = n.reordered(n.in[0], true)
	w := &mapWindow{node: n, in: n.in[0], out: n.out[0], small: n.in[0].spatial(), fill: fill}
	w.out.interleave(true)
	size, begin := planar(g.Padded(), 1), planar(g.Begin, 0)
	w.large = f32.Map{H: size[0], W: size[1], C: w.small.C}
	w.top, w.left = begin[0], begin[1]
	w.shape = f32.Window{Kernel: planar(g.Kernel, 1), Stride: planar(g.Strides, 1), Dilation: planar(g.Dilations, 1)}
	if w.large != w.small {
		w.padded = n.temporary(w.large.Len())
	}
	return w, nil
}

// sample returns the padded map of one sample.
func (w *mapWindow) sample(m *memory, i int) []float32 {
	size := w.small.Len()
	x := w.in.floats(m)[i*size : (i+1)*size]
	if w.padded == nil {
		return x
	}
	padded := w.padded.floats(m)
	f32.Pad(padded, x, w.large, w.small, w.top, w.left, w.fill)
	return padded
}

// kernel computes a map from a padded one.
type kernel interface {
	Run(w *f32.Worker, dst f32.Output, src []float32, limits f32.Limits)
}

// step makes the step that computes every sample.
func (w *mapWindow) step(k kernel) step {
	e := w.node.newEpilogue(true)
	return func(m *memory) error {
		for i := range w.out.shape[0] {
			k.Run(m.worker, e.target(m, w.out, i), w.sample(m, i), e.bounds(m))
		}
		return nil
	}
}

// buildMapConv makes the step of a convolution over one or two axes with constant filters.
func buildMapConv(op ir.Conv, g f32.Geometry, n *node) (step, error) {
	weight, bias := n.in[1], n.input(2)
	w, err := n.mapWindow(g, 0)
	if err != nil {
		return nil, err
	}
	filters := f32.Filters{Weights: weight.constant.F}
	if bias != nil {
		filters.Bias = bias.constant.F
	}
	if op.Group == w.small.C && w.out.shape[1] == w.small.C {
		return w.step(f32.NewDepthwise(n.packs.set, w.large, w.out.spatial(), w.shape, filters)), nil
	}
	key := packedFilters{weights: weight.constant, in: w.large, out: w.out.spatial(), window: w.shape, groups: op.Group}
	if bias != nil {
		key.bias = bias.constant
	}
	return w.step(packedOnce(n.packs, key, func() *f32.Conv {
		return f32.NewConv(n.packs.set, key.in, key.out, key.window, key.groups, filters)
	})), nil
}
