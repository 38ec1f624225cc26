package convert

import (
	"errors"
	"math"
	"slices"

	"ann2snn/snn"
)

// Limits of integer networks.
const (
	maxWeight    = 127     // of int8 weights, symmetric
	inputLevels  = 127     // of the analog input, either sign
	finestUnit   = 1 << 23 // parts that a threshold or bias is divided into, at most
	finestFactor = 1 << 10 // parts that a Sum divides the finest unit of its inputs into
)

// wholeLevels rounds thresholds to whole numbers of their units, in place, and returns
// the numbers.
func wholeLevels(thresholds, units []float32) []int32 {
	levels := make([]int32, len(thresholds))
	for c, unit := range units {
		whole := max(1, min(math.Round(float64(thresholds[c])/float64(unit)), math.MaxInt32))
		levels[c] = int32(whole)
		thresholds[c] = float32(whole * float64(unit))
	}
	return levels
}

// integerInput quantises the analog input over the range that calibration saw.
func (b *builder) integerInput(o input) (snn.Op, error) {
	stats, err := b.stats(&site{value: b.plan.graph.Inputs[0], signed: true})
	if err != nil {
		return nil, err
	}
	most := stats.Magnitude()
	if most == 0 {
		most = 1
	}
	b.current.Scale = []float32{most / inputLevels}
	return snn.Input{ChannelsFirst: o.channelsFirst, Levels: inputLevels}, nil
}

// integerWeights rounds each row of f to int8 with a scale of its own, which becomes the
// unit of the output channel's current.
func (b *builder) integerWeights(l *layer, f, bias []float32) snn.Weights {
	w := snn.Weights{Q: make([]int8, len(f)), IntBias: make([]int32, len(bias))}
	b.current.Unit = make([]float32, len(bias))
	fan := len(f) / len(bias)
	for c := range bias {
		row := f[c*fan:][:fan]
		coarsest := math.Abs(float64(bias[c]))
		if l.neuron != nil {
			coarsest = max(coarsest, float64(b.choices[l.index].Threshold[c]))
		}
		unit := float32(max(bestUnit(row), coarsest/finestUnit, 0x1p-126))
		for i, x := range row {
			w.Q[c*fan+i] = int8(roundTo(x, unit))
		}
		b.current.Unit[c] = unit
		w.IntBias[c] = int32(math.Round(float64(bias[c]) / float64(unit)))
	}
	return w
}

func roundTo(x, unit float32) float64 {
	return max(-maxWeight, min(math.Round(float64(x)/float64(unit)), maxWeight))
}

// bestUnit is the unit of int8 weights with the least squared error: that which just
// holds the largest weight, or a finer one, which cuts the largest off.
func bestUnit(row []float32) float64 {
	most := float64(max(slices.Max(row), -slices.Min(row)))
	best, least := 0.0, math.Inf(1)
	for parts := 20; parts >= 14; parts-- {
		unit := most / maxWeight * float64(parts) / 20
		if unit < 0x1p-126 {
			break
		}
		loss := 0.0
		for _, x := range row {
			d := float64(x) - roundTo(x, float32(unit))*unit
			loss += d * d
		}
		if loss < least {
			best, least = unit, loss
		}
	}
	return best
}

var errTooWide = errors.New("its inputs differ too much in scale for 32 bits (try fewer spike bits or steps, or float32 weights)")

// integerSum chooses the unit of a sum's current, per channel: as fine as 32 bits allow,
// in parts of the finest of its inputs.
func (b *builder) integerSum(l *layer, scales [][]float32, bias []float32) (snn.Op, error) {
	finest := b.finestUnits(l, scales)
	for parts := finestFactor; parts > 0; parts /= 2 {
		unit := make([]float32, l.shape.C)
		for c := range unit {
			unit[c] = max(float32(finest[c]/float64(parts)), 0x1p-126)
		}
		op, ok := roundedSum(l.shape, scales, bias, unit)
		if ok && b.fits(l, op, unit) {
			b.current.Unit = unit
			return op, nil
		}
	}
	return nil, errTooWide
}

// finestUnits is the smallest value, per channel, of a level of an input or of a spike.
func (b *builder) finestUnits(l *layer, scales [][]float32) []float64 {
	finest := slices.Repeat([]float64{math.Inf(1)}, l.shape.C)
	note := func(c int, value float32) {
		if x := math.Abs(float64(value)); x > 0 {
			finest[c] = min(finest[c], x)
		}
	}
	for _, s := range scales {
		for i := range max(len(s), l.shape.C) {
			note(i%l.shape.C, s[i%len(s)])
		}
	}
	if l.neuron != nil {
		for c, threshold := range b.choices[l.index].Threshold {
			note(c, threshold)
		}
	}
	for c, x := range finest {
		if math.IsInf(x, 1) {
			finest[c] = 1
		}
	}
	return finest
}

// roundedSum is a sum in units, unless a factor or bias is beyond 32 bits.
func roundedSum(shape snn.Shape, scales [][]float32, bias, unit []float32) (snn.Sum, bool) {
	op := snn.Sum{Mult: make([][]int32, len(scales))}
	for k, s := range scales {
		mult := make([]int32, max(len(s), shape.C))
		for i := range mult {
			x := math.Round(float64(s[i%len(s)]) / float64(unit[i%shape.C]))
			if math.Abs(x) > math.MaxInt32 {
				return op, false
			}
			mult[i] = int32(x)
		}
		op.Mult[k] = mult
	}
	for c, x := range bias {
		whole := math.Round(float64(x) / float64(unit[c]))
		if math.Abs(whole) > math.MaxInt32 {
			return op, false
		}
		op.IntBias = append(op.IntBias, int32(whole))
	}
	return op, true
}

// fits reports whether the layer under construction cannot overflow with op and unit.
func (b *builder) fits(l *layer, op snn.Sum, unit []float32) bool {
	trial := *b.current
	trial.Op, trial.Unit = op, unit
	if l.neuron != nil {
		thresholds := slices.Clone(b.choices[l.index].Threshold)
		trial.Neuron = &snn.Neuron{Format: b.format(l.index), Threshold: thresholds, Level: wholeLevels(thresholds, unit)}
	}
	part := *b.net
	part.Layers = append(slices.Clone(b.net.Layers[:l.index]), trial)
	_, err := part.Ranges()
	return err == nil
}
