package onnx

import (
	"ann2snn/internal/onnxfile"
	"ann2snn/snn"
)

// dense writes a product with a matrix. Steps share its weights.
func (w *writer) dense(op *snn.Dense) step {
	weights := w.weights(w.denseWeights(op), w.denseDims()...)
	bias := w.biases(op.W.IntBias)
	return func(in []*value, biased bool) *value {
		if in[0] == nil {
			return nil
		}
		x := w.node("flat", "Flatten", []string{w.float(in[0])}, onnxfile.Int("axis", 1))
		inputs := []string{x, weights}
		if biased {
			inputs = append(inputs, bias)
		}
		x = w.node("product", "Gemm", inputs, onnxfile.Int("transB", 1))
		return w.made(w.reshape("current", x, 1, int64(w.layer.Shape.C), 1, 1))
	}
}

// denseWeights returns the weights in the order in which ONNX flattens a map.
func (w *writer) denseWeights(op *snn.Dense) []int8 {
	return rows(op.W.Q, w.net.Layers[w.layer.In[0]].Shape)
}

func (w *writer) denseDims() []int64 {
	return []int64{int64(w.layer.Shape.C), int64(w.net.Layers[w.layer.In[0]].Shape.Len())}
}
