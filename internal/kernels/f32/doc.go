// Package f32 computes with real numbers: products of matrices, and convolutions, pools
// and arithmetic on maps. The reference executor runs networks on it, and fitting uses its
// products.
//
// Kernels come in two layouts. Conv, Fold and the methods of Worker take maps of two axes
// with channels last, and have assembly. The functions whose names end in Plane, and
// Gemm.MulPatches, take any number of axes, one padded channel after the other, with
// Windows listing what they read: convolutions over one or three axes are rare, and run in
// plain Go but for products.
//
// So there are these convolutions: Conv, where channels are summed in groups; Fold, where
// every channel has filters of its own (depthwise) or is pooled; MulPatches and ConvPlane,
// their forms for other numbers of axes.
//
// Every kernel adds up in a stated order that does not depend on how outputs are divided.
// The kernels in Go round every product, on every processor. Those in assembly use fused
// multiply-adds, and all of them give the same bits. To fuse in Go, without an instruction for
// it, would make the kernels ten times as slow.
package f32
