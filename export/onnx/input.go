package onnx

import (
	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
	"ann2snn/snn"
)

// input takes the sample as the original network does and rounds it to levels as runtime does:
// halves up, in float64, or as QuantizeLinear.
func (w *writer) input(op *snn.Input) step {
	return func([]*value, bool) *value {
		l := w.layer
		x := w.Input(w.inputName(), pb.TensorProto_FLOAT, inputDims(l)...)
		switch {
		case l.Shape.H == 1 && l.Shape.W == 1:
			x = w.reshape(x, 1, int64(l.Shape.C), 1, 1)
		case !op.ChannelsFirst:
			x = w.node("map", "Transpose", []string{x}, onnxfile.Ints("perm", 0, 3, 1, 2))
		}
		low, high := op.Range()
		if op.Quantised {
			x = w.node("scaled", "Div", []string{x, w.scale32(l)})
			x = w.node("round", "Round", []string{x})
			return w.made(w.node("levels", "Clip", []string{x, w.scalar(float32(low)), w.scalar(float32(high))}))
		}
		x = w.node("double", "Cast", []string{x}, onnxfile.Type("to", pb.TensorProto_DOUBLE))
		x = w.node("scaled", "Div", []string{x, w.inputScale(l)})
		x = w.node("half", "Add", []string{x, w.double(0.5)})
		x = w.node("round", "Floor", []string{x})
		x = w.node("held", "Clip", []string{x, w.double(float64(low)), w.double(float64(high))})
		return w.made(w.node("levels", "Cast", []string{x}, onnxfile.Type("to", pb.TensorProto_FLOAT)))
	}
}

// inputScale is the value of a level of the input: one, or one per channel.
func (w *writer) inputScale(l *snn.Layer) string {
	if len(l.Scale) == 1 {
		return w.double(float64(l.Scale[0]))
	}
	scales := make([]float64, len(l.Scale))
	for c, x := range l.Scale {
		scales[c] = float64(x)
	}
	return w.doubles("scale", scales, l.Shape)
}

// scale32 is inputScale in float32.
func (w *writer) scale32(l *snn.Layer) string {
	if len(l.Scale) == 1 {
		return w.scalar(l.Scale[0])
	}
	return w.Constant(onnxfile.Floats(w.layerName+"/scale", l.Scale, spread(len(l.Scale), l.Shape)...))
}

// inputName is the name that the original network has for its input.
func (w *writer) inputName() string {
	if source := w.net.Layers[0].ANNValue; source != "" {
		return source
	}
	return "input"
}

// inputDims returns the shape of the model's input.
func inputDims(l *snn.Layer) []int64 {
	h, wide, c := int64(l.Shape.H), int64(l.Shape.W), int64(l.Shape.C)
	op, _ := l.Op.(snn.Input)
	switch {
	case h == 1 && wide == 1:
		return []int64{1, c}
	case op.ChannelsFirst:
		return []int64{1, c, h, wide}
	}
	return []int64{1, h, wide, c}
}
