package eval

import (
	"fmt"
	"math"

	"ann2snn/ir"
	"ann2snn/snn"
)

const baselineName = "same-bit quantised ANN"

// baselineNote says what the baseline rounds and what it does not.
func baselineNote(n *snn.Network, bits int) string {
	note := fmt.Sprintf("one pass of the ANN with every activation that the SNN spikes rounded to the levels of "+
		"one %d-bit spike, clipped where the SNN's are", bits)
	if n.Steps > 1 {
		note += fmt.Sprintf(" (a choice made for %d steps)", n.Steps)
	}
	switch {
	case n.Integer:
		note += "; input and weights stay float32, which favours this baseline over the int8 SNN"
	case n.Steps == 1:
		note += "; with one step and float32 weights the SNN computes the same function"
	}
	return note
}

// quantisers returns, for every ANN value that spiking neurons stand for, its rounding
// to the levels of one spike: s * clip(floor(x/s + 1/2), lo, Q), where lo is -Q for
// signed neurons and 0 otherwise. Whatever the number of steps, B bits give one spike's
// levels; they cover the range that the neuron covers in all its steps.
func quantisers(g *ir.Graph, n *snn.Network) (map[ir.ValueID]func([]float32), error) {
	m, names := make(map[ir.ValueID]func([]float32)), g.Names()
	for _, l := range n.Layers {
		if l.Neuron == nil || l.Neuron.Format.Bits() == 0 || l.ANNValue == "" {
			continue
		}
		id, ok := names[l.ANNValue]
		if !ok {
			continue
		}
		inner, err := channelStride(g.Type(id).Shape.Ints(), len(l.Neuron.Threshold))
		if err != nil {
			return nil, fmt.Errorf("eval: %s %q: %w", l.Op.Kind(), l.Name, err)
		}
		m[id] = quantiser(l.Neuron, inner, span(n))
	}
	return m, nil
}

// channelStride returns after how many elements of a value the channel changes. The
// channels lie along axis 1, or else along the first later axis that has as many; where there
// are as many as elements, every element is one.
func channelStride(dims []int, channels int) (int, error) {
	if channels == 1 {
		return 1, nil
	}
	for axis := min(1, len(dims)-1); axis < len(dims); axis++ {
		if dims[axis] == channels {
			inner := 1
			for _, d := range dims[axis+1:] {
				inner *= d
			}
			return inner, nil
		}
	}
	if product(dims) == channels {
		return 1, nil
	}
	return 0, fmt.Errorf("%d thresholds do not fit a value of shape %v", channels, dims)
}

// span is the range of a neuron in all steps over that in one step.
func span(n *snn.Network) float64 {
	sum, part := 1.0, 1.0
	if n.Restim == snn.RestimRefine {
		for range n.Steps - 1 {
			part /= float64(n.Rho)
			sum += part
		}
	}
	return sum
}

// quantiser rounds one sample of a value whose channel changes every inner elements.
func quantiser(n *snn.Neuron, inner int, span float64) func([]float32) {
	high := float64(n.Format.Max())
	low := 0.0
	if n.Signed {
		low = -high
	}
	return func(v []float32) {
		run := inner
		if len(n.Threshold) == 1 {
			run = len(v)
		}
		for at := 0; at < len(v); at += run {
			step := float64(n.Threshold[at/run%len(n.Threshold)]) * span
			roundTo(v[at:][:run], step, low, high)
		}
	}
}

// roundTo rounds to multiples of step, from low to high ones.
func roundTo(v []float32, step, low, high float64) {
	for i, x := range v {
		level := math.Floor(float64(x)/step + 0.5)
		v[i] = float32(min(max(level, low), high) * step)
	}
}
