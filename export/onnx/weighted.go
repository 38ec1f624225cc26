package onnx

import (
	"strconv"

	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
)

// weighted returns the step of an operator that multiplies by weights; apply writes it,
// with a bias as a second parameter or without. Steps share the weights.
//
// Where a sum might leave float32's integers, the high and the low bits of the weights
// are multiplied apart and the products are added in float64.
func (w *writer) weighted(weights []int8, dims []int64, bias []int32, apply func(in *value, parameters ...string) string) step {
	if w.largestSum(weights, bias) >= w.exact {
		return w.wideProduct(weights, dims, bias, apply)
	}
	stored := w.weights("weights", weights, dims...)
	added := w.Constant(onnxfile.Floats(w.layerName+"/bias", widen[float32](bias), int64(len(bias))))
	return func(in []*value, biased bool) *value {
		switch {
		case in[0] == nil:
			return nil
		case biased:
			return w.made(apply(in[0], stored, added))
		}
		return w.made(apply(in[0], stored))
	}
}

func (w *writer) wideProduct(weights []int8, dims []int64, bias []int32, apply func(in *value, parameters ...string) string) step {
	high, low := make([]int8, len(weights)), make([]int8, len(weights))
	for i, q := range weights {
		high[i] = q >> 4
		low[i] = q - high[i]<<4
	}
	if most := max(w.largestSum(high, nil), w.largestSum(low, nil)); most >= w.exact {
		w.lose("a sum may reach "+strconv.FormatInt(w.largestSum(weights, bias), 10)+", too much for float32 even in two parts", "fewer bits")
	}
	parts := []string{w.weights("high", high, dims...), w.weights("low", low, dims...)}
	added := w.integers("bias", bias, w.layer.Shape, true)
	return func(in []*value, biased bool) *value {
		if in[0] == nil {
			return nil
		}
		upper := w.node("wide", "Cast", []string{apply(in[0], parts[0])}, onnxfile.Type("to", pb.TensorProto_DOUBLE))
		lower := w.node("wide", "Cast", []string{apply(in[0], parts[1])}, onnxfile.Type("to", pb.TensorProto_DOUBLE))
		total := w.plus("sum", w.times("upper", upper, 16), lower)
		if biased {
			total = w.plus("biased", total, added)
		}
		return w.madeWide(total)
	}
}

// largestSum bounds the sums of products and biases, in whatever order they are added.
func (w *writer) largestSum(weights []int8, bias []int32) int64 {
	largest := w.facts[w.layer.In[0]].Largest()
	outputs := w.layer.Shape.C
	most := int64(0)
	for c := range outputs {
		sum := int64(0)
		for _, q := range weights[c*len(weights)/outputs : (c+1)*len(weights)/outputs] {
			sum += max(int64(q), -int64(q))
		}
		sum *= largest
		if bias != nil {
			sum += max(int64(bias[c]), -int64(bias[c]))
		}
		most = max(most, sum)
	}
	return most
}

// weights adds weights as int8, and a node that makes them float32.
func (w *writer) weights(name string, values []int8, dims ...int64) string {
	stored := w.Constant(onnxfile.Int8s(w.layerName+"/"+name+"/int8", values, dims...))
	return w.Node(w.layerName+"/"+name, "Cast", []string{stored}, onnxfile.Type("to", pb.TensorProto_FLOAT))
}
