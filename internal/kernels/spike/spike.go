// Package spike computes the sums of spiking layers as the specification defines them: in
// plain Go, on float32 and on int32, with maps that lie channels last. Every element is
// added up in a stated order, so that answers are the same on all processors.
//
// Conv sums over the channels of a group and is driven by events: the spikes that are not
// zero. Depthwise, where every channel is a group of its own, visits all spikes: an event
// has too few weights to be worth a list. SumPool and MaxPool pool, and the other
// functions move spikes.
package spike

// Level is a spike level: an integer number in either representation.
type Level interface{ ~float32 | ~int32 }

// Weight is a weight of a spiking layer: float32 for float32 spikes, int8 for int32 spikes.
type Weight interface{ ~float32 | ~int8 }
