package onnx

import (
	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
	"ann2snn/snn"
)

// conv writes a convolution.
func (w *writer) conv(op *snn.Conv) step {
	attributes := append(window(&op.Window), onnxfile.Int("group", int64(op.Groups)))
	return w.weighted(w.convWeights(op), w.convDims(op), op.W.IntBias, func(in *value, parameters ...string) string {
		return w.node("product", "Conv", append([]string{w.float(in)}, parameters...), attributes...)
	})
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

// window returns the attributes of a window.
func window(w *snn.Window) []*pb.AttributeProto {
	return append([]*pb.AttributeProto{onnxfile.Ints("pads", int64s(w.Pad[:])...)}, unpadded(w)...)
}

// unpadded returns the attributes of a window over a map that has been padded.
func unpadded(w *snn.Window) []*pb.AttributeProto {
	return []*pb.AttributeProto{
		onnxfile.Ints("kernel_shape", int64s(w.Kernel[:])...),
		onnxfile.Ints("strides", int64s(w.Stride[:])...),
		onnxfile.Ints("dilations", int64s(w.Dilation[:])...),
	}
}

func int64s(values []int) []int64 {
	out := make([]int64, len(values))
	for i, x := range values {
		out[i] = int64(x)
	}
	return out
}
