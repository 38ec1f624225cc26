package onnx

import (
	"slices"
	"strconv"

	"ann2snn/internal/onnxfile"
	"ann2snn/snn"
)

// sumPool adds levels by a convolution with ones: an average would round.
func (w *writer) sumPool(op *snn.SumPool) step {
	c, k := w.layer.Shape.C, op.Window.Kernel
	ones := slices.Repeat([]int8{1}, c*k[0]*k[1])
	weights := w.weights("ones", ones, int64(c), 1, int64(k[0]), int64(k[1]))
	if most := int64(k[0]) * int64(k[1]) * w.facts[w.layer.In[0]].Largest(); most >= w.exact {
		w.lose("a sum may reach "+strconv.FormatInt(most, 10)+"; float32 holds integers exactly below 2^24", "fewer bits")
	}
	attributes := append(window(&op.Window), onnxfile.Int("group", int64(c)))
	return func(in []*value, _ bool) *value {
		if in[0] == nil {
			return nil
		}
		return w.made(w.node("sums", "Conv", []string{w.float(in[0]), weights}, attributes...))
	}
}
