package fill

import (
	"math"
	"slices"

	"ann2snn/convert/internal/plan"
	"ann2snn/internal/par"
	"ann2snn/snn"
)

// Limits of integer networks.
const (
	inputLevels  = 127     // of the analog input, of either sign
	finestUnit   = 1 << 14 // units in a threshold up to which vector kernels fire
	mostUnits    = 1 << 22 // units in a threshold, at most: with 8 bits more, 2^30
	finestFactor = 1 << 10 // units of a sum in the finest unit of its inputs, at most

	maxMembrane  = 1 << 29 // in units; leaves room for thresholds and rounding
	maxCurrent   = 1 << 24 // of a Sum without neurons, so that more can be added to it
	smallestUnit = 0x1p-126
)

// integerThresholds rounds thresholds to whole numbers of their units, in place, and returns
// the numbers.
func integerThresholds(thresholds, units []float32) []int32 {
	list := make([]int32, len(thresholds))
	for c, unit := range units {
		whole := max(1, math.Round(float64(thresholds[c])/float64(unit)))
		list[c] = int32(whole)
		thresholds[c] = float32(whole * float64(unit))
	}
	return list
}

// growth returns how many times the current of one step a membrane potential may reach in
// all steps together, if no spike lowers it.
func growth(steps, rho int) float64 {
	sum := 0.0
	for range steps {
		sum = sum*float64(rho) + 1
	}
	return sum
}

func (b *Builder) growth() float64 { return growth(b.Net.Steps, b.Net.Rho) }

// largestLevels returns bounds of the levels of the inputs of l.
func (b *Builder) largestLevels(l *plan.Layer) ([]float64, error) {
	proof, err := b.Prove(l.Index)
	if err != nil {
		return nil, err
	}
	most := make([]float64, len(l.In))
	for k, in := range l.In {
		most[k] = float64(proof.Ranges()[in.Index].Output)
	}
	return most, nil
}

// integerWeights rounds each row of f to whole numbers of a unit of its own, which becomes
// the unit of the output channel's current.
func (b *Builder) integerWeights(l *plan.Layer, f, bias []float32) (snn.Weights, error) {
	most, err := b.largestLevels(l)
	if err != nil {
		return snn.Weights{}, err
	}
	w := snn.Weights{Q: make([]int8, len(f)), IntBias: make([]int32, len(bias))}
	b.current.Unit = b.weightUnits(l, f, bias, most[0])
	if err := b.alignUnits(l, b.current.Unit); err != nil {
		return snn.Weights{}, err
	}
	bias = b.roundWeights(l, w.Q, f, bias, b.current.Unit)
	for c, x := range bias {
		w.IntBias[c] = int32(math.Round(float64(x) / float64(b.current.Unit[c])))
	}
	return w, nil
}

// roundWeights rounds the rows of f to units and returns the biases, which may make up for
// the mean error of rounding.
func (b *Builder) roundWeights(l *plan.Layer, dst []int8, f, bias, units []float32) []float32 {
	rows, fan := len(bias), len(f)/len(bias)
	fit, largest := b.fitted[l.Index], b.Options.LargestWeight
	bias = slices.Clone(bias)
	par.For(rows, b.Options.Workers, func(_, c int) {
		row, rounded, unit := f[c*fan:][:fan], dst[c*fan:][:fan], units[c]
		if rounder := fit.rounder(c, rows); rounder != nil {
			bias[c] = rounder.Round(rounded, row, bias[c], float64(unit), largest)
			return
		}
		for i, x := range row {
			rounded[i] = int8(roundTo(x, unit, largest))
		}
	})
	return bias
}

// weightUnits returns the unit of each row of weights: the best one, or a coarser one where
// thresholds or membrane potentials would become too large. Rows of zeros take the unit of another
// row.
func (b *Builder) weightUnits(l *plan.Layer, f, bias []float32, most float64) []float32 {
	units := make([]float32, len(bias))
	fan := len(f) / len(bias)
	sums := magnitudes(f, len(bias))
	b.coarser[l.Index] = 1
	for c, sum := range sums {
		best := bestUnit(f[c*fan:][:fan], b.Options.LargestWeight)
		bound := (math.Abs(float64(bias[c])) + sum*most) * b.growth() / maxMembrane
		if best > 0 && b.matters(l, c, sum*most, slices.Max(sums)*most) {
			b.coarser[l.Index] = max(b.coarser[l.Index], bound/best)
		}
		if l.Neuron != nil {
			best = thresholdUnit(f[c*fan:][:fan], best, float64(b.Choices[l.Index].Threshold[c]), most)
		}
		units[c] = float32(max(best, bound))
	}
	other := slices.Max(units)
	if other == 0 {
		other = 1
	}
	for c, unit := range units {
		if unit < smallestUnit {
			units[c] = other
		}
	}
	return units
}

// magnitudes returns the sum of the magnitudes of each row of weights.
func magnitudes(f []float32, rows int) []float64 {
	sums, fan := make([]float64, rows), len(f)/rows
	for i, x := range f {
		sums[i/fan] += math.Abs(float64(x))
	}
	return sums
}

// smallPart is the part of a threshold, or of the largest current of a layer, that a current
// may be off by.
const smallPart = 1. / 16

// matters reports whether the weights of a channel, which make currents up to reach, can make
// a difference: to neurons, or in comparison with the largest current of the layer.
func (b *Builder) matters(l *plan.Layer, channel int, reach, largest float64) bool {
	if l.Neuron != nil {
		return reach > smallPart*float64(b.Choices[l.Index].Threshold[channel])
	}
	return reach > smallPart*smallPart*largest
}

// thresholdUnit returns a unit of at least best, of which a threshold has as few as vector
// kernels fire, unless rounding a row of weights to it would change currents by more than a
// small part of the threshold. most is the largest level of the inputs.
func thresholdUnit(row []float32, best, threshold, most float64) float64 {
	unit := max(best, threshold/finestUnit)
	for unit > best && roundingError(row, unit)*most > smallPart*threshold {
		unit = max(best, unit/2)
	}
	return max(unit, threshold/mostUnits)
}

// roundingError returns by how much rounding a row of weights to whole units changes the sum
// of inputs, for a largest input of 1: what rounding does in the mean and its deviation,
// where inputs are about a quarter of the largest.
func roundingError(row []float32, unit float64) float64 {
	mean, square := 0.0, 0.0
	for _, x := range row {
		d := float64(x) - math.Round(float64(x)/unit)*unit
		mean, square = mean+d, square+d*d
	}
	return (math.Abs(mean) + math.Sqrt(square)) / 4
}

// magnitude returns the larger of a bias and of the threshold of its channel, if any.
func (b *Builder) magnitude(l *plan.Layer, channel int, bias float32) float64 {
	m := math.Abs(float64(bias))
	if l.Neuron != nil {
		m = max(m, float64(b.Choices[l.Index].Threshold[channel]))
	}
	return m
}

// roundTo returns x in whole units, at most largest of them.
func roundTo(x, unit float32, largest int) float64 {
	return max(-float64(largest), min(math.Round(float64(x)/float64(unit)), float64(largest)))
}

// bestUnit returns the unit of weights up to most with the least squared error: that which just
// holds the largest weight, or a finer one, which clips the largest.
func bestUnit(row []float32, most int) float64 {
	largest := float64(max(slices.Max(row), -slices.Min(row)))
	best, least, fewest := 0.0, math.Inf(1), 14
	if most < math.MaxInt8 {
		fewest = 7 // with few levels, finer ones are worth more than the largest weights
	}
	for parts := 20; parts >= fewest; parts-- {
		unit := largest / float64(most) * float64(parts) / 20
		if unit < smallestUnit {
			break
		}
		loss := 0.0
		for _, x := range row {
			d := float64(x) - roundTo(x, float32(unit), most)*unit
			loss += d * d
		}
		if loss < least {
			best, least = unit, loss
		}
	}
	return best
}
