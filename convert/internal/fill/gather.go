package fill

import (
	"slices"

	"ann2snn/convert/internal/plan"
	"ann2snn/snn"
)

func (b *Builder) gather(g plan.Gather, l *plan.Layer) snn.Op {
	values := b.LevelValues(l.In[0])
	if len(values) > 0 {
		b.current.Scale = gatheredValues(g.Index, values, l.Shape.C)
	}
	return snn.Gather{Index: g.Index}
}

// gatheredValues gathers level values. The level value of a constant 0 does not matter; it is
// that of another element, of the same channel where there is one.
func gatheredValues(index []int32, values []float32, channels int) []float32 {
	if len(values) == 1 {
		return values
	}
	known := slices.Repeat(values[:1], channels)
	for i, from := range index {
		if from >= 0 {
			known[i%channels] = values[int(from)%len(values)]
		}
	}
	scale := make([]float32, len(index))
	for i, from := range index {
		scale[i] = known[i%channels]
		if from >= 0 {
			scale[i] = values[int(from)%len(values)]
		}
	}
	return plan.Condense(scale, channels)
}
