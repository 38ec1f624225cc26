// Package facts derives, once, what executors and exporters ask about a whole spiking
// network: which layers are constant in time, between which bounds levels lie, who reads
// a layer last, which rule neurons follow. Package snn answers what a single
// layer says by itself.
package facts

import "ann2snn/snn"

// Network is a network and the facts about its layers.
type Network struct {
	*snn.Network
	Facts []Facts // one per layer
}

// Facts is what the network says about one of its layers.
type Facts struct {
	Constant bool // the output is the same in every step in which the input drives it
	Steady   bool // the same is true of all inputs, so that the current is computed once
	Signal   Signal
	Rule     Rule // of its neurons

	// Low and High bound, in an integer network, the output of a step; 0 lies between
	// them. Membrane bounds the magnitude of membranes and currents.
	Low, High, Membrane int64

	// Rising says of spikes that the sum of an element over the steps never falls below 0.
	Rising bool

	Readers []int // layers that read it, once for each time they do, in their order
	Last    int   // the last of them; the layer itself if there is none, len(Facts) for the output layer
}

// Signal is what the elements of a layer's output are.
type Signal uint8

// The signals. What moves or adds several signals is as far from spikes as the farthest
// of them.
const (
	AnalogSignal Signal = iota // the input, or the output of an analog neuron
	Current                    // of a Conv, Dense, Sum or Product without neurons
	Spikes
)

// Of returns the facts about a verified network. ranges are those of an integer network,
// or nil in a float one, which has no bounds.
func Of(n *snn.Network, ranges []snn.Range) *Network {
	f := &Network{n, make([]Facts, len(n.Layers))}
	for i, constant := range n.Constant() {
		f.Facts[i].Constant = constant
	}
	for i := range n.Layers {
		l, to := &n.Layers[i], &f.Facts[i]
		_, remembers := l.Op.(snn.Product) // so that its current is another in every step
		to.Steady, to.Last = !remembers, i
		for _, from := range l.In {
			in := &f.Facts[from]
			to.Steady = to.Steady && in.Constant
			in.Readers, in.Last = append(in.Readers, i), i
		}
		to.Rule, to.Signal, to.Rising = RuleOf(n, l), f.signal(l), f.rising(l)
		if n.Integer {
			to.Membrane = ranges[i].Membrane
			to.Low, to.High = f.bounds(l, to.Rule, ranges[i].Output)
		}
	}
	f.Facts[n.Output].Last = len(n.Layers)
	return f
}

// Proven is Of with the ranges of an integer network, which it proves.
func Proven(n *snn.Network) (*Network, error) {
	if !n.Integer {
		return Of(n, nil), nil
	}
	ranges, err := n.Ranges()
	if err != nil {
		return nil, err
	}
	return Of(n, ranges), nil
}

// Largest returns the largest magnitude of a layer's output.
func (l *Facts) Largest() int64 { return max(-l.Low, l.High) }

// signal returns the signal of l; the facts of earlier layers are known.
func (f *Network) signal(l *snn.Layer) Signal {
	if l.Neuron != nil {
		if l.Neuron.Format == (snn.Format{}) {
			return AnalogSignal
		}
		return Spikes
	}
	switch l.Op.(type) {
	case snn.Input:
		return AnalogSignal
	case snn.Conv, snn.Dense, snn.Sum, snn.Product:
		return Current
	}
	least := Spikes
	for _, from := range l.In {
		least = min(least, f.Facts[from].Signal)
	}
	return least
}

// rising returns whether the sums of l over the steps stay above 0.
func (f *Network) rising(l *snn.Layer) bool {
	if n := l.Neuron; n != nil {
		return !n.Signed && n.Act.Fn.Known() && n.Act.NonNegative()
	}
	switch l.Op.(type) {
	case snn.MaxPool, snn.Gather, snn.Concat:
		for _, from := range l.In {
			if !f.Facts[from].Rising {
				return false
			}
		}
		return true
	}
	return false
}

// bounds returns the bounds of l's output, of which most is the largest magnitude.
func (f *Network) bounds(l *snn.Layer, r Rule, most int64) (low, high int64) {
	if n := l.Neuron; n != nil {
		if low, high, ok := n.QuantisedRange(); ok {
			return low, high
		}
		if n.Signed || rules[r].corrects {
			return -most, most
		}
		return 0, most
	}
	taps := int64(1)
	switch op := l.Op.(type) {
	case snn.Input:
		low, high := op.Range()
		return int64(low), int64(high)
	case snn.SumPool:
		taps = int64(op.Window.Kernel[0]) * int64(op.Window.Kernel[1])
	case snn.MaxPool, snn.Gather, snn.Concat:
	default:
		return -most, most
	}
	for _, from := range l.In {
		low, high = min(low, f.Facts[from].Low), max(high, f.Facts[from].High)
	}
	return max(low*taps, -most), min(high*taps, most)
}
