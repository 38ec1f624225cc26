package convert

import (
	"math"
	"slices"
)

// alignUnits makes the units of a current a little coarser where something is added to it
// that was there before: levels become a whole number of units, the units of another
// current a simple fraction of these. Then the sum needs no finer units of its own, and
// the runtime adds where it computes the current.
func (b *builder) alignUnits(l *layer, units []float32) error {
	s, k := b.sumOf(l)
	if s == nil {
		return nil
	}
	op, _ := s.op.(*sum)
	other := s.in[1-k]
	if ok, err := b.ahead(other, l.index); !ok {
		return err
	}
	steps := multiply(op.gains[1-k], b.values(other), l.shape)
	gains := op.gains[k]
	if len(steps) > l.shape.C || len(gains) > l.shape.C {
		return nil
	}
	for c, unit := range units {
		gain := math.Abs(float64(gains[c%len(gains)]))
		threshold := float64(b.choices[s.index].Threshold[c])
		finest := max(float64(unit)*gain, threshold/finestUnit)
		step := math.Abs(float64(steps[c%len(steps)]))
		if aligned := fraction(step, finest) / gain; aligned > 0 && aligned <= math.MaxFloat32 {
			units[c] = float32(aligned)
		}
	}
	return nil
}

// fraction is unit or a little more, so that step is a whole number of it, or at least a
// simple fraction p/q. It is unit itself where step is 0.
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

// sumOf returns the sum with neurons that is all that reads l, if it has one other input,
// and the place of l in it.
func (b *builder) sumOf(l *layer) (s *layer, k int) {
	if l.neuron != nil {
		return nil, 0
	}
	for _, reader := range b.plan.layers {
		if !slices.Contains(reader.in, l) {
			continue
		}
		_, isSum := reader.op.(*sum)
		if s != nil || !isSum || reader.neuron == nil || reader.gate != nil || len(reader.in) != 2 {
			return nil, 0
		}
		s = reader
	}
	if s == nil || s.in[0] == s.in[1] {
		return nil, 0
	}
	return s, slices.Index(s.in, l)
}

// ahead makes sure that a layer is built, and reports whether it is. Before its turn one
// can be built that moves what layers before the one under construction put out.
func (b *builder) ahead(l *layer, turn int) (bool, error) {
	if l.index < turn {
		return true, nil
	}
	switch l.op.(type) {
	case gather, maxPool:
	default:
		return false, nil
	}
	if slices.ContainsFunc(l.in, func(in *layer) bool { return in.index >= turn }) {
		return false, nil
	}
	current := b.current
	err := b.layer(l)
	b.current = current
	return true, err
}
