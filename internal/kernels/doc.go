// Package kernels holds the inner loops of the reference executor and of the spiking
// runtime: functions on slices that know neither graphs nor networks.
//
// Kernels come in sets, see Sets: one in Go, which is the specification, and assembly
// for some processors, of which Best picks.
//
// The executor's kernels work on float32 in the order of ONNX, channels first. Every
// kernel adds up in a stated order that does not depend on how outputs are divided, so
// any division gives the same bits. Names that begin with Spike belong to the runtime
// and work channels last. Slices must have the lengths that the comments state: a kernel
// panics on shorter ones.
package kernels
