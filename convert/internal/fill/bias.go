package fill

import (
	"math"

	"ann2snn/convert/internal/plan"
	"ann2snn/snn"
)

// GiveBias makes sure that a built layer has biases that ShiftBias can change in place.
func (b *Builder) GiveBias(l *plan.Layer) {
	built := &b.Net.Layers[l.Index]
	op, ok := built.Op.(snn.Sum)
	if !ok {
		return
	}
	if b.Net.Integer && op.IntBias == nil {
		op.IntBias = make([]int32, l.Shape.C)
	}
	if !b.Net.Integer && op.Bias == nil {
		op.Bias = make([]float32, l.Shape.C)
	}
	built.Op = op
}

// ShiftBias adds a shift per channel to the biases of a built layer. It returns what was
// added: in an integer network a whole number of units.
func (b *Builder) ShiftBias(l *plan.Layer, shifts []float64) []float64 {
	b.proof.Forget(l.Index)
	built := &b.Net.Layers[l.Index]
	floats, ints := built.Biases()
	if !b.Net.Integer {
		for c, shift := range shifts {
			floats[c] += float32(shift)
		}
		return shifts
	}
	added := make([]float64, len(shifts))
	largest := maxMembrane / b.growth()
	for c, shift := range shifts {
		unit := float64(built.Unit[c])
		whole := max(-largest, min(math.Round(shift/unit), largest))
		ints[c] += int32(whole)
		added[c] = whole * unit
	}
	return added
}
