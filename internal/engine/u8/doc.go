// Package u8 is the engine that runs integer networks fast: levels lie in bytes, layers
// become stages on stores, and stages run on the kernels of internal/kernels/u8. It gives
// the integers of internal/engine/spec, to whose operators and rules of neurons it leaves
// what it has no kernels for.
//
// Compile lays out a network: it decides how each output is held (store.go), which layers
// one stage computes together (sum.go), which method a convolution takes (sparse.go,
// winograd.go), and where stores lie. A session binds the stages to its buffers and runs
// them as jobs, whose parts may be shared among threads.
package u8
