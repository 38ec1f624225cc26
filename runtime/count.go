package runtime

// stats writes the counts of the last run.
func (e *engine[S]) stats(dst []LayerStats) {
	for i := range e.layers {
		l, c := &e.layers[i], &e.cells[i]
		dst[i] = LayerStats{}
		for k, from := range l.in {
			e.tallies[k] = e.cells[from].tally
		}
		l.op.cost(&dst[i], e.tallies[:len(l.in)], e.lines)
		if l.signal == spikes && l.neuron != nil {
			c.spikeStats(&dst[i], l.size)
		}
	}
}

func (c *cell[S]) spikeStats(st *LayerStats, neurons int) {
	st.Neurons, st.Saturated = int64(neurons), c.saturated
	for p, events := range c.tally.events {
		st.Spikes += events
		st.Bits += c.tally.bits[p]
	}
	st.Zeros = int64(len(c.out)) - st.Spikes
}
