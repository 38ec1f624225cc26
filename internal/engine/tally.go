package engine

import (
	"math/bits"

	"ann2snn/internal/facts"
	"ann2snn/snn"
)

// Counts are the spikes of a layer and the operations by which spikes reached it, over all
// steps of a run; see runtime.LayerStats.
type Counts struct {
	Neurons   int64
	Spikes    int64
	Bits      int64
	Zeros     int64
	Saturated int64
	SOPs      int64
	BitSOPs   int64
	MACs      int64
}

// Counter counts what the layers of a session do.
type Counter struct {
	Tallies   []*Tally // of the outputs, by layer
	Saturated []int64  // emissions cut to the largest level, by layer

	facts  *facts.Network
	inputs []*Tally // of the layer being counted
	lines  []int64  // a row and a column of any layer
}

// NewCounter returns a counter for all layers of a network.
func NewCounter(f *facts.Network) *Counter {
	c := &Counter{facts: f, Saturated: make([]int64, len(f.Layers))}
	lines, inputs := 0, 0
	for i := range f.Layers {
		l := &f.Layers[i]
		c.Tallies = append(c.Tallies, newTally(l.Shape, f.Facts[i].Signal))
		lines, inputs = max(lines, l.Shape.H+l.Shape.W), max(inputs, len(l.In))
	}
	c.lines, c.inputs = make([]int64, lines), make([]*Tally, inputs)
	return c
}

// Counts writes the counts of the last run.
func (c *Counter) Counts(dst []Counts) {
	for i := range dst {
		l := &c.facts.Layers[i]
		dst[i] = Counts{}
		for k, from := range l.In {
			c.inputs[k] = c.Tallies[from]
		}
		addCost(&dst[i], l, c.inputs[:len(l.In)], c.lines)
		if t := c.Tallies[i]; t.Spikes() && l.Neuron != nil {
			t.spikes(&dst[i], l.Shape.Len(), c.Saturated[i])
		}
	}
}

// Tally counts the output of a layer, by pixel, over all steps of a run.
type Tally struct {
	Steps        int64   // in which a consumer has to compute with it
	Events, Bits []int64 // per pixel: levels other than 0, and set bits of their magnitudes; for spikes only

	signal facts.Signal
	shape  snn.Shape
}

func newTally(s snn.Shape, signal facts.Signal) *Tally {
	t := &Tally{signal: signal, shape: s}
	if signal == facts.Spikes {
		t.Events, t.Bits = make([]int64, s.H*s.W), make([]int64, s.H*s.W)
	}
	return t
}

// Spikes reports whether the output are spikes, whose Events and Bits are to be counted.
func (t *Tally) Spikes() bool { return t.signal == facts.Spikes }

// Begin notes for how many steps outputs will be counted.
func (t *Tally) Begin(steps int) {
	t.Steps = int64(steps)
	clear(t.Events)
	clear(t.Bits)
}

// spikes adds what the neurons of a layer emitted.
func (t *Tally) spikes(to *Counts, neurons int, saturated int64) {
	to.Neurons, to.Saturated = int64(neurons), saturated
	for p, events := range t.Events {
		to.Spikes += events
		to.Bits += t.Bits[p]
	}
	to.Zeros = t.Steps*to.Neurons - to.Spikes
}

// Count counts the output of all steps, in H, W, C order.
func Count[S float32 | int32](t *Tally, out []S) {
	t.Begin(len(out) / t.shape.Len())
	if !t.Spikes() {
		return
	}
	at := 0
	for ; len(out) > 0; out = out[t.shape.C:] {
		if at == len(t.Events) {
			at = 0
		}
		events, set := 0, 0
		for _, k := range out[:t.shape.C] {
			size := uint32(max(int32(k), -int32(k)))
			events += int(-size >> 31) // 1 unless size is 0, without a branch
			set += bits.OnesCount32(size)
		}
		t.Events[at] += int64(events)
		t.Bits[at] += int64(set)
		at++
	}
}
