// Package runtime runs multi-bit spiking networks on a CPU, in float32 or in integers:
// compile a network once, then classify samples with it, one session per goroutine.
//
//	plan, err := runtime.Compile(ctx, network)
//	session := plan.NewSession(runtime.SessionOptions{})
//	stats, err := session.Run(ctx, scores, sample)
//
// [Compile] checks a network and prepares a [Plan], which is immutable. Each goroutine
// takes a [Session] of its own from it: membranes and spikes live there, and a run
// allocates nothing. Results depend on the network and the sample only, not on the
// machine's number of cores.
//
// Layers run one after the other, each through all time steps, which gives the same
// spikes as running the steps one after the other and keeps a layer's weights in the
// cache. What does not depend on the step, the current of the analog input, is computed
// once.
//
// Two engines give the same numbers. The specification, internal/engine/spec, runs float
// networks and sessions that trace: after a run those still have the output of every layer
// in every step. Other sessions of integer networks hold levels in bytes, share memory
// among layers and run on fast kernels, internal/engine/u8: they have the readout only.
// A [Subnetwork] runs some layers on recordings of others; an [EarlyPlan] answers as soon
// as the answer looks decided.
package runtime
