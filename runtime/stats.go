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
// in Conv, Dense and SumPool: the analog input, whose current is the same in every step
// and computed once, and currents that no neuron turned into spikes. Adding a current in
// a Sum is free, as it accumulates where it arises; adding the analog input there costs
// a MAC per element.
type LayerStats struct {
	Neurons   int64 // that can spike; 0 in a layer without neurons
	Spikes    int64 // emissions other than zero
	Bits      int64 // set bits of their levels' magnitudes
	Zeros     int64 // emissions of zero
	Saturated int64 // emissions cut to the largest level
	SOPs      int64 // events times fan-out
	BitSOPs   int64 // set bits times fan-out
	MACs      int64 // of inputs that are not spikes
}

// stats writes the counts of the last run.
func (e *engine[S]) stats(dst []LayerStats) {
	for i := range e.layers {
		l, c := &e.layers[i], &e.cells[i]
		dst[i] = LayerStats{}
		for k, from := range l.in {
			e.tallies[k] = e.cells[from].tally
		}
		addCost(&dst[i], &e.net.Layers[i], e.tallies[:len(l.in)], e.lines)
		if l.signal == signalSpikes && l.neuron != nil {
			c.tally.spikeStats(&dst[i], l.size, c.saturated)
		}
	}
}

// spikeStats adds what the neurons of a layer emitted.
func (t *tally) spikeStats(st *LayerStats, neurons int, saturated int64) {
	st.Neurons, st.Saturated = int64(neurons), saturated
	for p, events := range t.events {
		st.Spikes += events
		st.Bits += t.bits[p]
	}
	st.Zeros = t.steps*st.Neurons - st.Spikes
}
