package onnx

import (
	"ann2snn/internal/onnxfile"
	"ann2snn/snn"
)

// concat joins maps along the channels, as bytes where all come so and agree on zero.
func (w *writer) concat(in []*value, _ bool) *value {
	axis := onnxfile.Int("axis", 1)
	names := make([]string, len(in))
	if sameBytes(in) {
		v := *in[0]
		for k := range in {
			names[k] = in[k].bytes
			v.high = max(v.high, in[k].high)
		}
		v.shape, v.float, v.wide = w.layer.Shape, "", ""
		v.bytes = w.node("joined", "Concat", names, axis)
		return &v
	}
	zero := true
	for k, v := range in {
		if zero = zero && v == nil; v != nil {
			names[k] = w.float(v)
		} else {
			names[k] = w.zeros(w.net.Layers[w.layer.In[k]].Shape)
		}
	}
	if zero {
		return nil
	}
	return w.made(w.node("joined", "Concat", names, axis))
}

// zeros adds a map of zeros.
func (w *writer) zeros(s snn.Shape) string {
	return w.node("zeros", "ConstantOfShape", []string{w.dims([]int64{1, int64(s.C), int64(s.H), int64(s.W)})})
}
