package runtime

// Stats counts what one Run did.
type Stats struct {
	Layers []LayerStats // one per layer of the network
}

// LayerStats counts the spikes that a layer's neurons emitted and the operations by
// which spikes reached it, over all steps.
//
// A synaptic operation (SOP) is one addition of a weighted spike to a current: an event,
// a spike that is not zero, counts once per connection, with the borders of maps exact.
// Moving spikes (MaxPool, Concat, Gather) is free. Values that are not spikes cost MACs
// in Conv, Dense, Product and SumPool: the analog input, whose current is the same in every step
// and computed once, and currents that no neuron turned into spikes. Adding a current in
// a Sum is free, as it accumulates where it arises; adding the analog input there costs
// a MAC per element.
type LayerStats struct {
	Neurons   int64 // that can spike; 0 in a layer without neurons
	Spikes    int64 // levels emitted other than zero
	Bits      int64 // set bits of their magnitudes
	Zeros     int64 // levels emitted that are zero
	Saturated int64 // levels that were cut to the largest one
	SOPs      int64 // events times fan-out
	BitSOPs   int64 // set bits times fan-out
	MACs      int64 // of inputs that are not spikes
}
