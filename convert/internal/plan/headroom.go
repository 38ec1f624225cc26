package plan

import "math"

// Headroom bounds the sums of integer networks: the largest number of products of a level
// and a weight, each in parts of the largest one, that a membrane potential of 32 bits
// holds. 0 is any number.
//
// A pool that adds up the spikes of a window has levels as many times as large as the
// window has places. A weighted layer behind it may then have room for a few coarse weights
// only. Where it has, neurons are put between them, so that it reads spikes.
type Headroom float64

// Strictest is a headroom that no network of several inputs behind a pool has: a plan made
// with it has all neurons that other plans of the graph may have.
const Strictest Headroom = 1

// lacksRoom reports whether weights, in rows of one neuron each, need more room than there
// is where they read a layer.
func (p *planner) lacksRoom(in *Layer, weights func() []float32, rows int) bool {
	spread := in.Spread()
	if p.headroom == 0 || spread == 1 {
		return false
	}
	f := weights()
	fan := len(f) / rows
	for row := range rows {
		sum, largest := 0.0, 0.0
		for _, x := range f[row*fan:][:fan] {
			magnitude := math.Abs(float64(x))
			sum, largest = sum+magnitude, max(largest, magnitude)
		}
		if sum*spread > float64(p.headroom)*largest {
			return true
		}
	}
	return false
}

// Spread is how many spikes an element of the layer's output adds up, at most.
func (l *Layer) Spread() float64 {
	if l.Neuron != nil || len(l.In) == 0 {
		return 1
	}
	most := 1.0
	switch op := l.Op.(type) {
	case SumPool:
		most = float64(op.Window.Kernel[0] * op.Window.Kernel[1])
	case MaxPool, Gather, Concat:
	default:
		return 1 // a current; neurons come before it is read
	}
	below := 1.0
	for _, in := range l.In {
		below = max(below, in.Spread())
	}
	return most * below
}

// relayed is v as spikes of neurons of its own, for weighted layers that lack room.
func (p *planner) relayed(v *value) *value {
	r := p.relay(v, "adds up more spikes than 32 bits have room for")
	r.layer.Neuron.Fine = true
	return r
}
