package runtime

// counter counts the spikes of a session of a plan8, layer by layer as they come: a
// later layer may overwrite them.
type counter struct {
	*plan8
	levels    []int32  // of all steps of a layer
	tallies   []*tally // by layer
	saturated []int64
	inputs    []*tally
	lines     []int64
}

func newCounter(p *plan8) *counter {
	c := &counter{plan8: p, saturated: make([]int64, len(p.net.Layers))}
	longest, lines, inputs := 0, 0, 0
	signals := signals(p.net)
	for i := range p.net.Layers {
		l := &p.net.Layers[i]
		c.tallies = append(c.tallies, newTally(l.Shape, signals[i]))
		longest = max(longest, p.stores[i].steps*l.Shape.Len())
		lines = max(lines, l.Shape.H+l.Shape.W)
		inputs = max(inputs, len(l.In))
	}
	c.levels, c.lines, c.inputs = make([]int32, longest), make([]int64, lines), make([]*tally, inputs)
	return c
}

// count counts a layer after its last stage.
func (c *counter) count(e *engine8, stage int) {
	i := c.layerOf[stage]
	if stage+1 < len(c.layerOf) && c.layerOf[stage+1] == i {
		return
	}
	size := c.net.Layers[i].Shape.Len()
	levels := c.levels[:c.stores[i].steps*size]
	for step := range c.stores[i].steps {
		e.spread(levels[step*size:][:size], i, step)
	}
	countLevels(c.tallies[i], levels)
	if j, ok := e.jobs[stage].(interface{ saturated() int64 }); ok {
		c.saturated[i] = j.saturated()
	}
}

func (e *engine8) stats(dst []LayerStats) {
	c := e.counter
	for i := range dst {
		l := &c.net.Layers[i]
		dst[i] = LayerStats{}
		for k, from := range l.In {
			c.inputs[k] = c.tallies[from]
		}
		addCost(&dst[i], l, c.inputs[:len(l.In)], c.lines)
		if t := c.tallies[i]; t.signal == signalSpikes && l.Neuron != nil {
			t.spikeStats(&dst[i], l.Shape.Len(), c.saturated[i])
		}
	}
}
