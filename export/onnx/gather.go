package onnx

import (
	"strconv"

	"ann2snn/internal/onnxfile"
	"ann2snn/snn"
)

// gather moves elements by a table over the flattened map; where nothing moves, it only
// gives the map another shape.
func (w *writer) gather(op *snn.Gather) step {
	in := w.net.Layers[w.layer.In[0]].Shape
	index, holes := planarIndex(op.Index, in, w.layer.Shape)
	table := ""
	if !identity(index, in.Len()) {
		table = w.Constant(onnxfile.Int32s(w.layerName+"/table", index, int64(len(index))))
	}
	return func(in []*value, _ bool) *value {
		if in[0] == nil {
			return nil
		}
		if v := in[0]; v.bytes != "" {
			moved := *v
			moved.shape, moved.float, moved.wide = w.layer.Shape, "", ""
			moved.bytes = w.move(v.bytes, table, holes, func() string {
				return w.share(onnxfile.Bytes("hole/"+strconv.Itoa(int(v.zero())), []byte{v.zero()}, 1, 1))
			})
			return &moved
		}
		return w.made(w.move(w.float(in[0]), table, holes, func() string {
			return w.share(onnxfile.Floats("hole/float", []float32{0}, 1, 1))
		}))
	}
}

// move applies a table to a tensor. Holes read the element behind its last one, which
// hole returns.
func (w *writer) move(x, table string, holes bool, hole func() string) string {
	s := w.layer.Shape
	if table != "" {
		x = w.node("flat", "Flatten", []string{x}, onnxfile.Int("axis", 1))
		if holes {
			x = w.node("holed", "Concat", []string{x, hole()}, onnxfile.Int("axis", 1))
		}
		x = w.node("moved", "Gather", []string{x, table}, onnxfile.Int("axis", 1))
	}
	return w.reshape(x, 1, int64(s.C), int64(s.H), int64(s.W))
}

// planarIndex turns a table between maps in H, W, C order into one between maps in
// C, H, W order, in which holes read the element behind the last.
func planarIndex(index []int32, in, out snn.Shape) (table []int32, holes bool) {
	table = make([]int32, len(index))
	for i, from := range index {
		if from < 0 {
			table[i], holes = int32(in.Len()), true
			continue
		}
		table[i] = int32(in.ChannelsFirst(int(from)))
	}
	return planar(table, out), holes
}

// identity reports whether a table moves nothing of n elements.
func identity(table []int32, n int) bool {
	for i, from := range table {
		if int(from) != i {
			return false
		}
	}
	return len(table) == n
}
