package fill

import (
	"math"

	"ann2snn/convert/internal/plan"
	"ann2snn/snn"
)

// integerSum rounds a sum's factors and bias to units, which it chooses per channel: a
// small part of the finest input and of the threshold, or as fine as 32 bits allow.
func (b *Builder) integerSum(l *plan.Layer, scales [][]float32, bias []float32) (snn.Op, error) {
	most, err := b.largestLevels(l)
	if err != nil {
		return nil, err
	}
	unit := b.sumUnits(l, scales, bias, most)
	op := snn.Sum{Mult: make([][]int32, len(scales))}
	for k, s := range scales {
		op.Mult[k] = make([]int32, max(len(s), l.Shape.C))
		for i := range op.Mult[k] {
			op.Mult[k][i] = int32(math.Round(float64(s[i%len(s)]) / float64(unit[i%l.Shape.C])))
		}
	}
	for c, x := range bias {
		op.IntBias = append(op.IntBias, int32(math.Round(float64(x)/float64(unit[c]))))
	}
	b.current.Unit = unit
	return op, nil
}

// sumUnits chooses the units of a sum; the levels of its inputs are at most most.
func (b *Builder) sumUnits(l *plan.Layer, scales [][]float32, bias []float32, most []float64) []float32 {
	hard := maxMembrane / b.growth() / float64(len(scales)) // snn.Ranges takes the worst channel of every input
	soft := hard
	if l.Neuron == nil && l != b.Plan.Output {
		soft = maxCurrent
	}
	units := make([]float32, l.Shape.C)
	for c := range units {
		finest, reach := span(scales, most, c, l.Shape.C)
		offset := float32(0)
		if bias != nil {
			offset = bias[c]
		}
		if b.Options.OwnLevels {
			units[c] = float32(ownSumUnit(scales, most, c, offset))
			continue
		}
		reach += b.magnitude(l, c, offset)
		wanted := min(finest, reach) / finestFactor
		if l.Neuron != nil {
			wanted = b.coarsestUnit(l, scales, most, c, min(finest, reach))
		}
		units[c] = wholePart(finest, max(wanted, reach/soft), reach/hard)
	}
	return units
}

// coarsestUnit returns the largest unit, finest or a small part of it, for which rounding the
// factors of a channel changes the current of neurons by no more than a small part of a
// level, and rounding the threshold moves the range of spikes by no more than two levels of
// 255 (3 % with fewer bits). Factors that are whole numbers of the finest one need no other
// unit, and where that one is a current it needs no multiplication: see alignUnits. As many
// units in a threshold as there are levels would make ResNets of 8 bits 4 % slower. Where a
// threshold would have more units than the kernels fire exactly, a larger part of a level will
// do.
func (b *Builder) coarsestUnit(l *plan.Layer, scales [][]float32, most []float64, channel int, finest float64) float64 {
	const (
		tolerance = 1. / 128
		tolerable = 1. / 16
	)
	fewest := float64(max(16, 1<<b.Bits[l.Index]/4)) // units in a threshold
	threshold := float64(b.Choices[l.Index].Threshold[channel])
	smallest := threshold * math.Pow(float64(b.Net.Rho), float64(1-b.Net.Steps)) // step of the whole output
	fullest := threshold * float64(int(1)<<b.Bits[l.Index])
	last := math.Inf(1) // what rounding to the unit before moved
	for parts := 1.; parts < finestFactor; parts++ {
		unit, moved := finest/parts, 0.0
		if parts > 1 && (threshold/unit > finestUnit && last <= smallest*tolerable || threshold/unit > mostUnits) {
			return finest / (parts - 1)
		}
		for k, s := range scales {
			for i := channel % len(s); i < len(s); i += l.Shape.C {
				x := math.Abs(float64(s[i]))
				lost := math.Abs(x-math.Round(x/unit)*unit) / max(x, unit/2)
				moved = max(moved, lost*min(fullest, x*most[k]))
			}
		}
		if moved <= smallest*tolerance && unit*fewest <= threshold {
			return unit
		}
		last = moved
	}
	return finest / finestFactor
}

// wholePart returns the smallest whole part of x that is not below wanted, so that the factor
// of an input whose level value is x is exact, but in no case less than least.
func wholePart(x, wanted, least float64) float32 {
	unit := wanted
	if !math.IsInf(x, 1) {
		const noise = 1e-9 // of a division: wanted may be a whole part already
		unit = x / max(1, math.Floor(x/wanted+noise))
	}
	return float32(max(unit, least, smallestUnit))
}

// span returns, for a channel of a sum, the smallest factor other than 0, and the
// largest magnitude of the sum.
func span(scales [][]float32, most []float64, channel, channels int) (finest, reach float64) {
	finest = math.Inf(1)
	for k, s := range scales {
		largest := 0.0
		for i := channel % len(s); i < len(s); i += channels {
			x := math.Abs(float64(s[i]))
			largest = max(largest, x)
			if x > 0 {
				finest = min(finest, x)
			}
		}
		reach += largest * most[k]
	}
	return finest, reach
}
