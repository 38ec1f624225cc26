package onnx

import (
	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
	"ann2snn/snn"
)

// readout adds the outputs: first the answer in the units of the original network, then
// the levels or units that it is made of, which are what exactness is judged by. Both are
// computed in float64.
func (w *writer) readout() {
	l := &w.net.Layers[w.net.Output]
	total := ""
	for t := 1; t <= w.net.Steps; t++ {
		w.scope = "readout"
		if total != "" {
			total = w.times("raised", total, float64(w.net.Rho))
		}
		if v := w.output(w.net.Output, t); v != nil {
			total = w.plus("total", total, w.wide(v))
		}
	}
	values := l.LevelValue()
	if len(values) == 0 {
		values = []float32{1}
	}
	scales := make([]float64, len(values))
	for i, x := range values {
		scales[i] = float64(x)
	}
	x := total
	if span := w.net.Span(w.net.Steps); span > 1 {
		x = w.node("mean", "Div", []string{x, w.double(span)})
	}
	x = w.node("value", "Mul", []string{x, w.doubles("scale", scales, l.Shape)})
	x = w.node("float", "Cast", []string{x}, onnxfile.Type("to", pb.TensorProto_FLOAT))
	x = w.host(x)
	dims := outputDims(l)
	shape := w.dims(dims)
	w.Output(w.Node(w.outputName(), "Reshape", []string{x, shape}), pb.TensorProto_FLOAT, dims...)
	w.Output(w.Node("levels", "Reshape", []string{total, shape}), pb.TensorProto_DOUBLE, dims...)
}

// host applies the host operators, which act on the whole read-out or on groups of it.
func (w *writer) host(x string) string {
	if len(w.net.Host) == 0 {
		return x
	}
	x = w.node("flat", "Flatten", []string{x}, onnxfile.Int("axis", 1))
	elements := int64(w.net.Layers[w.net.Output].Shape.Len())
	for _, h := range w.net.Host {
		var attributes []*pb.AttributeProto
		if h.Fn.Grouped() {
			x = w.node("blocks", "Reshape", []string{x, w.dims([]int64{elements / int64(h.Group*h.Stride), int64(h.Group), int64(h.Stride)})})
			x = w.Node(h.Name, hostOperators[h.Fn], []string{x}, onnxfile.Int("axis", 1))
			x = w.node("flat", "Reshape", []string{x, w.dims([]int64{1, elements})})
			continue
		}
		if h.Fn != snn.HostSigmoid {
			attributes = append(attributes, onnxfile.Int("axis", 1))
		}
		x = w.Node(h.Name, hostOperators[h.Fn], []string{x}, attributes...)
	}
	return x
}

// hostOperators are the names that ONNX has for host operators.
var hostOperators = map[snn.HostFn]string{
	snn.HostSoftmax: "Softmax", snn.HostLogSoftmax: "LogSoftmax", snn.HostSigmoid: "Sigmoid",
	snn.HostGroupSoftmax: "Softmax", snn.HostGroupLogSoftmax: "LogSoftmax",
}

// outputName is the name that the original network has for its output, where it is the
// same value.
func (w *writer) outputName() string {
	if source := w.net.Layers[w.net.Output].ANNValue; source != "" && len(w.net.Host) == 0 {
		return source
	}
	return "output"
}

// outputDims returns the shape of the model's outputs.
func outputDims(l *snn.Layer) []int64 {
	if l.Shape.H == 1 && l.Shape.W == 1 {
		return []int64{1, int64(l.Shape.C)}
	}
	return []int64{1, int64(l.Shape.C), int64(l.Shape.H), int64(l.Shape.W)}
}
