// Package runtime runs multi-bit spiking networks on a CPU, in float32 or in integers.
//
// [Compile] checks a network and prepares a [Plan], which is immutable. Each goroutine
// takes a [Session] of its own from it: membranes and spikes live there, and a run
// allocates nothing. Results depend on the network and the sample only, not on the
// machine's number of cores.
//
// Layers run one after the other, each through all time steps, which gives the same
// spikes as running the steps one after the other and keeps a layer's weights in the
// cache. What does not depend on the step, the current of the analog input, is computed
// once. After a run a session still holds what every layer put out in every step.
//
// The rules of the neurons are in one file each: rate, signed, refine, increment and
// analog. A float network and an integer network follow the same rules; each arithmetic
// is a table, floats and integers.
package runtime
