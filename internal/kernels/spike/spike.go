package spike

// Level is a spike level: an integer number in either representation.
type Level interface{ ~float32 | ~int32 }

// Weight is a weight of a spiking layer: float32 goes with float32 spikes, int8
// with int32 spikes.
type Weight interface{ ~float32 | ~int8 }
