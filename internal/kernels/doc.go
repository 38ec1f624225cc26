// Package kernels holds no code: it is the overview of the packages below it, the inner
// loops of the reference executor and of the spiking runtime. They are functions on slices
// that know neither graphs nor networks.
//
//   - cpu names the sets of kernels and finds out which of them this processor runs.
//   - f32 works on maps and matrices of real numbers, for the reference executor and for
//     fitting. Its maps lie channels last.
//   - spike is the specification of spiking layers, in plain Go, on float32 and int32.
//   - u8 is the fast form of integer networks: levels in bytes.
//   - geom holds the arithmetic of windows that f32 and u8 share.
//
// Where a package has assembly, its kernels in plain Go are the specification of it.
// Every kernel on real numbers adds up in a stated order that does not depend on how
// outputs are divided, so any division gives the same bits. Slices must have the lengths
// that the comments state: a kernel panics on shorter ones.
package kernels

//go:generate go run -C gen . -dir ..
