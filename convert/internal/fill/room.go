package fill

import (
	"fmt"
	"slices"

	"ann2snn/convert/internal/plan"
)

// Headroom is how many products of the largest level and the largest weight a membrane
// potential of an integer network can add up in all steps.
func (o *Options) Headroom() float64 {
	most := float64(o.LargestWeight) * float64(o.Format.Max())
	return maxMembrane / (most * growth(o.Steps, o.Rho))
}

// HasRoom reports whether 32 bits are enough whatever the weights are. If not, Coarsest
// reports by how much they are too few, once the layers are built.
func (b *Builder) HasRoom() bool {
	if !b.Net.Integer {
		return true
	}
	room := b.Options.Headroom()
	return !slices.ContainsFunc(b.Plan.Layers, func(l *plan.Layer) bool {
		var fan int
		switch op := l.Op.(type) {
		case *plan.Conv:
			fan = op.Window.Kernel[0] * op.Window.Kernel[1] * l.In[0].Shape.C / op.Groups
		case *plan.Dense:
			fan = l.In[0].Shape.Len()
		case plan.Product:
			return 2*b.largestSpike(l.In[0])*b.largestSpike(l.In[1])*b.growth()*b.growth() > maxMembrane
		default:
			return false
		}
		return float64(fan)*l.In[0].Spread() > room
	})
}

// largestSpike bounds the levels of a layer of spikes, which may be moved.
func (b *Builder) largestSpike(l *plan.Layer) float64 {
	largest := 0.0
	if l.Neuron != nil {
		return float64(int(1)<<b.Bits[l.Index] - 1)
	}
	for _, in := range l.In {
		largest = max(largest, b.largestSpike(in))
	}
	return largest
}

// Coarsest returns the name of the built layer whose weights lose most to the limits of
// 32 bits, and how many times as coarse they are as they should be.
func (b *Builder) Coarsest() (layer string, coarser float64) {
	coarser = 1
	for i, c := range b.coarser {
		if c > coarser && i < len(b.Plan.Layers) {
			layer, coarser = b.Plan.Layers[i].Name, c
		}
	}
	return layer, coarser
}

// Silenced says of which layers rounding left channels without weights.
func (b *Builder) Silenced() []string {
	var notes []string
	for _, l := range b.Plan.Layers {
		op, ok := l.Op.(plan.Weighted)
		w, ok2 := b.Net.Layers[l.Index].Weights()
		if !ok || !ok2 || len(w.Q) == 0 {
			continue
		}
		f, _ := b.weightsOf(op, l)
		fan, lost := len(f)/l.Shape.C, 0
		for c := range l.Shape.C {
			if allZero(w.Q[c*fan:][:fan]) && !allZero(f[c*fan:][:fan]) {
				lost++
			}
		}
		if lost > 0 {
			notes = append(notes, fmt.Sprintf("%q: rounding left %d of %d channels without weights", l.Name, lost, l.Shape.C))
		}
	}
	return notes
}

func allZero[T int8 | float32](row []T) bool {
	return !slices.ContainsFunc(row, func(x T) bool { return x != 0 })
}
