package convert

import (
	"math"
	"slices"
)

// alignUnits makes the units of a current a little coarser where the current is added to
// spikes, so that a level of theirs is a whole number of units: then the sum needs no
// units of its own, and the runtime adds the levels where it computes the current.
func (b *builder) alignUnits(l *layer, units []float32) error {
	s, k := b.residualSum(l)
	if s == nil {
		return nil
	}
	op, _ := s.op.(*sum)
	residual := s.in[1-k]
	if ok, err := b.ahead(residual, l.index); !ok {
		return err
	}
	levels := multiply(op.gains[1-k], b.values(residual), l.shape)
	gains := op.gains[k]
	if len(levels) > l.shape.C || len(gains) > l.shape.C {
		return nil
	}
	const fewest = 16 // units in a level, so that no unit grows by more than a sixteenth
	for c, unit := range units {
		gain := float64(gains[c%len(gains)])
		threshold := math.Abs(float64(b.choices[s.index].Threshold[c]) / gain)
		if finest := threshold / finestUnit; threshold <= math.MaxFloat32 && float64(unit) < finest {
			unit = float32(finest)
		}
		level := math.Abs(float64(levels[c%len(levels)]) / gain)
		if whole := math.Floor(level / float64(unit)); whole >= fewest && level <= math.MaxFloat32 {
			unit = float32(level / whole)
		}
		units[c] = unit
	}
	return nil
}

// residualSum returns the sum with neurons that is all that reads l, if its other input
// spikes, and the place of l in it.
func (b *builder) residualSum(l *layer) (s *layer, k int) {
	if l.neuron != nil {
		return nil, 0
	}
	for _, reader := range b.plan.layers {
		if !slices.Contains(reader.in, l) {
			continue
		}
		_, isSum := reader.op.(*sum)
		if s != nil || !isSum || reader.neuron == nil || len(reader.in) != 2 {
			return nil, 0
		}
		s = reader
	}
	if s == nil || s.in[0] == s.in[1] {
		return nil, 0
	}
	k = slices.Index(s.in, l)
	if !spikes(s.in[1-k]) {
		return nil, 0
	}
	return s, k
}

// spikes reports whether a layer puts out spikes, which it fires or moves.
func spikes(l *layer) bool {
	switch l.op.(type) {
	case gather, maxPool:
		return !slices.ContainsFunc(l.in, func(in *layer) bool { return !spikes(in) })
	}
	return l.neuron != nil
}

// ahead makes sure that a layer of spikes is built before its turn, if that is possible:
// one that moves the spikes of layers before the one under construction.
func (b *builder) ahead(l *layer, turn int) (bool, error) {
	if l.index < turn {
		return true, nil
	}
	if l.neuron != nil || slices.ContainsFunc(l.in, func(in *layer) bool { return in.index >= turn }) {
		return false, nil
	}
	current := b.current
	err := b.layer(l)
	b.current = current
	return true, err
}
