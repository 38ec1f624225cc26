// Package u8 runs the layers of integer networks on levels that are held as bytes. It
// computes what the specification computes, bit for bit, many times as fast.
//
// A Worker is what a goroutine runs kernels with. It computes the parts of a Call of a
// Conv: the weighted sums of a layer, in one or several time steps, what turns sums into
// currents, and the Fire neurons that turn currents into levels. There are three ways to
// the sums of a Conv, which give the same bits:
//
//   - directly, in vector or tile registers; a depthwise Conv has a layout of its own;
//   - by Winograd's method, for windows of 3x3 and small weights;
//   - from a list of the levels that are not zero (Sparse), where few are.
//
// Which one is fastest depends on the layer and the processor: WinogradPays and SparsePays
// try. A sum pool is a depthwise Conv with weights of 1; MaxPool, Quantise, Accumulate and
// Growth are what else layers need.
//
// Each kernel has a form in plain Go, whose name ends in Plain and which is the
// specification of the assembly.
package u8
