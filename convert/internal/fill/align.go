package fill

import (
	"math"
	"slices"

	"ann2snn/convert/internal/plan"
)

// alignUnits makes the units of a current a little coarser where a sum with neurons adds it
// to another layer that is built: a level of the other becomes a whole number of units, or
// the unit of another current a simple fraction of them. Then the sum needs no finer units
// of its own, and the runtime can add where it computes the current.
func (b *Builder) alignUnits(l *plan.Layer, units []float32) error {
	s, k := b.sumOf(l)
	if s == nil {
		return nil
	}
	op, _ := s.Op.(*plan.Sum)
	other := s.In[1-k]
	if ok, err := b.ahead(other, l.Index); !ok {
		return err
	}
	steps := plan.Multiply(op.Gains[1-k], b.LevelValues(other), l.Shape)
	gains := op.Gains[k]
	if len(steps) > l.Shape.C || len(gains) > l.Shape.C {
		return nil
	}
	for c, unit := range units {
		gain := math.Abs(float64(gains[c%len(gains)]))
		threshold := float64(b.Choices[s.Index].Threshold[c])
		finest := max(float64(unit)*gain, threshold/finestUnit)
		step := math.Abs(float64(steps[c%len(steps)]))
		if aligned := fraction(step, finest) / gain; aligned > 0 && aligned <= math.MaxFloat32 {
			units[c] = float32(aligned)
		}
	}
	return nil
}

// fraction returns unit or a little more, so that step is a whole number of it, or at least
// a simple fraction p/q of it. Where step is 0 that is unit itself.
func fraction(step, unit float64) float64 {
	const (
		fewest  = 4       // units in a step, so that no unit grows by more than a quarter
		most    = 1. / 16 // that a unit may grow by for a fraction
		largest = 64      // q
	)
	if step == 0 || !(unit > 0) {
		return unit
	}
	if whole := math.Floor(step / unit); whole >= fewest {
		return step / whole
	}
	for q := 1.; q <= largest; q++ {
		if p := math.Ceil(q * unit / step); p*step/q <= unit*(1+most) {
			return p * step / q
		}
	}
	return unit
}

// sumOf returns the sum with neurons that alone reads l, if it has one other input, and the
// number of l among its inputs.
func (b *Builder) sumOf(l *plan.Layer) (s *plan.Layer, k int) {
	if l.Neuron != nil {
		return nil, 0
	}
	for _, reader := range b.Plan.Layers {
		if !slices.Contains(reader.In, l) {
			continue
		}
		_, isSum := reader.Op.(*plan.Sum)
		if s != nil || !isSum || reader.Neuron == nil || reader.Gate != nil || len(reader.In) != 2 {
			return nil, 0
		}
		s = reader
	}
	if s == nil || s.In[0] == s.In[1] {
		return nil, 0
	}
	return s, slices.Index(s.In, l)
}

// ahead makes sure that a layer is built, and reports whether it is. A layer that only moves
// the outputs of layers before the one under construction can be built before its turn.
func (b *Builder) ahead(l *plan.Layer, turn int) (bool, error) {
	if l.Index < turn {
		return true, nil
	}
	switch l.Op.(type) {
	case plan.Gather, plan.MaxPool:
	default:
		return false, nil
	}
	if slices.ContainsFunc(l.In, func(in *plan.Layer) bool { return in.Index >= turn }) {
		return false, nil
	}
	current := b.current
	err := b.Layer(l)
	b.current = current
	return true, err
}
