package onnx

import (
	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
	"ann2snn/snn"
)

// conv writes a convolution. Steps share its weights.
func (w *writer) conv(op *snn.Conv) step {
	weights := w.weights(w.convWeights(op), w.convDims(op)...)
	bias := w.biases(op.W.IntBias)
	attributes := append(window(&op.Window), onnxfile.Int("group", int64(op.Groups)))
	return func(in []*value, biased bool) *value {
		if in[0] == nil {
			return nil
		}
		inputs := []string{w.float(in[0]), weights}
		if biased {
			inputs = append(inputs, bias)
		}
		return w.made(w.node("current", "Conv", inputs, attributes...))
	}
}

// convWeights returns the weights of a convolution in ONNX's order.
func (w *writer) convWeights(op *snn.Conv) []int8 {
	s := snn.Shape{H: op.Window.Kernel[0], W: op.Window.Kernel[1], C: w.net.Layers[w.layer.In[0]].Shape.C / op.Groups}
	return rows(op.W.Q, s)
}

func (w *writer) convDims(op *snn.Conv) []int64 {
	out, in := w.layer.Shape.C, w.net.Layers[w.layer.In[0]].Shape.C/op.Groups
	return []int64{int64(out), int64(in), int64(op.Window.Kernel[0]), int64(op.Window.Kernel[1])}
}

// rows reorders weights, a map of shape s for each output channel, to ONNX's order.
func rows(weights []int8, s snn.Shape) []int8 {
	out := make([]int8, 0, len(weights))
	for ; len(weights) > 0; weights = weights[s.Len():] {
		out = append(out, planar(weights[:s.Len()], s)...)
	}
	return out
}

// weights adds weights as int8, and a node that makes them float32.
func (w *writer) weights(values []int8, dims ...int64) string {
	stored := w.Constant(onnxfile.Int8s(w.layerName+"/int8", values, dims...))
	return w.Node(w.layerName+"/weights", "Cast", []string{stored}, onnxfile.Type("to", pb.TensorProto_FLOAT))
}

// biases adds the biases of a product with weights.
func (w *writer) biases(values []int32) string {
	floats := make([]float32, len(values))
	for i, x := range values {
		floats[i] = float32(x)
	}
	return w.Constant(onnxfile.Floats(w.layerName+"/bias", floats, int64(len(floats))))
}

// window returns the attributes of a window.
func window(w *snn.Window) []*pb.AttributeProto {
	return append([]*pb.AttributeProto{onnxfile.Ints("pads", wide(w.Pad[:])...)}, unpadded(w)...)
}

// unpadded returns the attributes of a window over a map that has been padded.
func unpadded(w *snn.Window) []*pb.AttributeProto {
	return []*pb.AttributeProto{
		onnxfile.Ints("kernel_shape", wide(w.Kernel[:])...),
		onnxfile.Ints("strides", wide(w.Stride[:])...),
		onnxfile.Ints("dilations", wide(w.Dilation[:])...),
	}
}

func wide(values []int) []int64 {
	out := make([]int64, len(values))
	for i, x := range values {
		out[i] = int64(x)
	}
	return out
}
