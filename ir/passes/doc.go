// Package passes rewrites an imported graph to the canonical form that the executor and
// the conversion expect:
//
//   - every value has a static type for one sample;
//   - nothing is computed that could be computed at load time;
//   - padding is explicit, and part of the window that it belongs to;
//   - the layout is that of ONNX, channels in axis 1, whatever the model was trained in;
//   - a fully connected layer is a Gemm with Alpha = Beta = 1 and its weight stored [out,in];
//   - what follows a Conv or Gemm and is affine per channel is part of its weight and bias;
//   - activations are single nodes of their own, and stand before a maximum, not after it.
//
// [Run] applies the passes, an ordered list. Operators that others can express are
// rewritten to these first; see decompositions.
package passes
