package fill

import (
	"ann2snn/convert/internal/plan"
	"ann2snn/snn"
)

// product sets what a product of two levels is worth: both level values multiplied, and
// divided by the steps where values are means over them, since the product of two sums has
// one step too many. With refinement it counts in parts that are whole in every step.
func (b *Builder) product(l *plan.Layer) snn.Op {
	span, parts := float32(1), int32(1)
	for range b.Net.Steps - 1 {
		if b.Net.Refines() {
			parts *= int32(b.Net.Rho)
		} else {
			span++
		}
	}
	values := make([]float32, l.Shape.C)
	for c := range values {
		values[c] = 1 / span
		for _, in := range l.In {
			of := b.channelValues(in)
			values[c] *= of[c%len(of)]
		}
	}
	if !b.Net.Integer {
		return snn.Product{Factor: values}
	}
	for c := range values {
		values[c] = max(values[c]/float32(parts), smallestUnit)
	}
	b.current.Unit = values
	return snn.Product{Parts: parts}
}
