package onnx

import (
	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
	"ann2snn/snn"
)

// quantise is the neuron of quantised models: it turns the current into levels as runtime does in
// float32. Its product is one of float64, which is exact, rounded to float32: ONNX Runtime would
// multiply the weights before it by a factor of float32, and round them.
type quantise struct {
	*writer
	ratio     string // levels that 1 on the membrane is worth
	low, high float64
	large     bool // float32 rounds currents
}

func (w *writer) newQuantise() neuron {
	l := w.layer
	low, high, _ := l.Neuron.QuantisedRange()
	return &quantise{
		writer: w, low: float64(low), high: float64(high), large: w.facts[w.index].Membrane >= w.exact,
		ratio: w.doubles("ratio", widen[float64](ratios(l)), l.Shape),
	}
}

func (q *quantise) fire(current string, _ int) string {
	if q.large {
		current = q.cast("single", current, pb.TensorProto_FLOAT)
		current = q.cast("double", current, pb.TensorProto_DOUBLE)
	}
	x := q.node("ratio", "Mul", []string{current, q.ratio})
	x = q.cast("rounded", x, pb.TensorProto_FLOAT)
	x = q.cast("wide", x, pb.TensorProto_DOUBLE)
	x = q.node("round", "Round", []string{x})
	return q.clip("levels", x, q.low, q.high)
}

func (q *quantise) cast(name, x string, to pb.TensorProto_DataType) string {
	return q.node(name, "Cast", []string{x}, onnxfile.Type("to", to))
}

// ratios are how many levels 1 on the membranes of neurons that quantise is worth, by channel.
func ratios(l *snn.Layer) []float32 {
	list := make([]float32, l.Shape.C)
	for c, threshold := range l.Neuron.Threshold {
		list[c] = l.Unit[c] / threshold
	}
	return list
}
