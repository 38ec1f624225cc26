// Package onnx exports integer networks as ONNX models of standard operators, which give
// the same integers as package runtime.
//
// The float form unrolls the time steps. Every integer is a float32, which is exact below
// 2^24. Where a sum might reach that, the high and the low bits of the weights are
// multiplied apart and added in float64; what does not fit even so is reported as a loss.
// Weights are stored as int8. The input is quantised and the output is scaled in float64,
// as runtime does it.
//
// The QDQ form is for networks of one step. Layers that are a product with weights and
// integrate-and-fire neurons are written between DequantizeLinear and QuantizeLinear, so
// that ONNX Runtime computes them on bytes (QLinearConv, QGemm); the others stay as they
// are in the float form.
//
// Between layers a map has the shape 1, C, H, W.
package onnx
