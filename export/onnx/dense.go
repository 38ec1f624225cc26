package onnx

import (
	"ann2snn/internal/onnxfile"
	"ann2snn/snn"
)

// dense writes a product with a matrix.
func (w *writer) dense(op *snn.Dense) step {
	return w.weighted(w.denseWeights(op), w.denseDims(), op.W.IntBias, func(in *value, parameters ...string) string {
		x := w.node("flat", "Flatten", []string{w.float(in)}, onnxfile.Int("axis", 1))
		x = w.node("product", "Gemm", append([]string{x}, parameters...), onnxfile.Int("transB", 1))
		return w.reshape(x, 1, int64(w.layer.Shape.C), 1, 1)
	})
}

// denseWeights returns the weights in the order in which ONNX flattens a map.
func (w *writer) denseWeights(op *snn.Dense) []int8 {
	return rows(op.W.Q, w.net.Layers[w.layer.In[0]].Shape)
}

func (w *writer) denseDims() []int64 {
	return []int64{int64(w.layer.Shape.C), int64(w.net.Layers[w.layer.In[0]].Shape.Len())}
}
