// Package u8 is the engine that runs integer networks fast: levels lie in bytes, layers
// become stages on stores, and stages run on the kernels of internal/kernels/u8. It gives
// the integers of internal/engine/spec, to whose operators and rules of neurons it leaves
// what it has no kernels for.
//
// Compile lays out a network: it decides how each output is held (store.go), which layers
// one stage computes together (sum.go), which method a convolution takes (sparse.go,
// winograd.go), and where stores lie. A session binds the stages to its buffers and runs
// them as jobs, whose parts may be shared among threads.
//
// A fast path is taken where a function of paths.go proves that it gives the same integers:
//
//	path                                        proven by
//	levels in bytes                             inBytes
//	neurons fired in kernels                    firesInKernel, and u8.NewFire of each division
//	borders and weights as if they were there   bordered
//	a maximum of levels                         picksLevels
//	a maximum of running totals                 picksTotals
//	Winograd's method                           mayUseWinograd, and u8.NewWinograd of all numbers
//	lists of spikes                             mayList
//	a Sum that computes a convolution           canFuse
//	a Sum that adds stored currents             addsLanes
//	levels moved as they are                    copies
//	levels written where they are joined        inPlace
//
// What has no proof is computed by the operators of the specification on integers of 32 bits.
package u8
