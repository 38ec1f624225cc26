package calibrate

import (
	"fmt"
	"math"
	"sync"

	"ann2snn/ir"
)

// observer gathers the statistics of a site. Samples may be observed concurrently and
// in any order: counts and extremes commute, and sums are held per sample until reduce
// adds them up in sample order.
type observer struct {
	site                   Site
	name                   string
	outer, channels, inner int // the value as outer x channels x inner elements

	mu       sync.Mutex
	hist     []histogram
	min, max []float32

	sum     []float64
	pending [][]float64 // per sample of the chunk, per channel
}

func newObserver(g *ir.Graph, s Site, chunk int) (*observer, error) {
	if s.Value < 0 || int(s.Value) >= len(g.Values) {
		return nil, fmt.Errorf("calibrate: value %d does not exist", s.Value)
	}
	v := g.Value(s.Value)
	if v.Type.DType != ir.Float32 || !v.Type.Static() || v.Type.Elems() == 0 {
		return nil, fmt.Errorf("calibrate: %q has type %v, want float32 of known shape", v.Name, v.Type)
	}
	dims := v.Type.Shape.Ints()
	if s.Axis < -1 || s.Axis >= len(dims) {
		return nil, fmt.Errorf("calibrate: %q of shape %v has no axis %d", v.Name, v.Type.Shape, s.Axis)
	}
	o := &observer{site: s, name: v.Name, outer: 1, channels: 1, inner: 1}
	for i, d := range dims {
		switch {
		case i < s.Axis:
			o.outer *= d
		case i == s.Axis:
			o.channels = d
		default:
			o.inner *= d
		}
	}
	o.hist = make([]histogram, o.channels)
	o.min, o.max = make([]float32, o.channels), make([]float32, o.channels)
	for c := range o.channels {
		o.min[c], o.max[c] = float32(math.Inf(1)), float32(math.Inf(-1))
	}
	o.sum = make([]float64, o.channels)
	o.pending = make([][]float64, chunk)
	for i := range o.pending {
		o.pending[i] = make([]float64, o.channels)
	}
	return o, nil
}

// observe counts the site's value for sample slot of the chunk.
func (o *observer) observe(slot int, values []float32) error {
	clear(o.pending[slot])
	for c := range o.channels {
		low, high, sum := float32(math.Inf(1)), float32(math.Inf(-1)), 0.0
		for row := range o.rows(c, values) {
			for _, v := range row {
				low, high = min(low, v), max(high, v)
				sum += float64(v)
			}
		}
		if math.IsNaN(sum) || math.IsInf(sum, 0) {
			return fmt.Errorf("the value %q is not finite", o.name)
		}
		o.pending[slot][c] = sum
		o.count(c, low, high, values)
	}
	return nil
}

// rows yields the runs of values that belong to channel c.
func (o *observer) rows(c int, values []float32) func(func([]float32) bool) {
	return func(yield func([]float32) bool) {
		for i := c * o.inner; i < len(values); i += o.channels * o.inner {
			if !yield(values[i : i+o.inner]) {
				return
			}
		}
	}
}

func (o *observer) count(c int, low, high float32, values []float32) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.min[c], o.max[c] = min(o.min[c], low), max(o.max[c], high)
	h := &o.hist[c]
	if reach := max(high, 0); o.site.Signed {
		h.grow(max(reach, -low))
	} else {
		h.grow(reach)
	}
	for row := range o.rows(c, values) {
		h.add(row, 0)
		if o.site.Signed {
			h.add(row, 1)
		}
	}
}

// reduce adds the sums of the first n samples of a chunk.
func (o *observer) reduce(n int) {
	for _, sums := range o.pending[:n] {
		for c, s := range sums {
			o.sum[c] += s
		}
	}
}

// stats sums up what was seen on a number of samples.
func (o *observer) stats(samples int) Stats {
	count := o.outer * o.inner * samples
	s := Stats{
		Value:    o.name,
		Axis:     o.site.Axis,
		Signed:   o.site.Signed,
		Channels: o.channels,
		Count:    uint64(count),
		Min:      o.min,
		Max:      o.max,
		Mean:     o.sum,
	}
	for c := range s.Mean {
		s.Mean[c] /= float64(count)
		s.Histogram = o.hist[c].pack(s.Histogram)
	}
	return s
}
