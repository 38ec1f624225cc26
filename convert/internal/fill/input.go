package fill

import (
	"slices"

	"ann2snn/convert/internal/plan"
	"ann2snn/snn"
)

func (b *Builder) input(o plan.Input) (snn.Op, error) {
	if !b.Net.Integer {
		return snn.Input{ChannelsFirst: o.ChannelsFirst}, nil
	}
	return b.integerInput(o)
}

// integerInput quantises the analog input over the range that calibration makes expect, of
// each channel where channels differ.
func (b *Builder) integerInput(o plan.Input) (snn.Op, error) {
	if q := b.Plan.Input; q != nil && (b.Options.OwnLevels || q.Bits() <= inputBits) { // as the model quantises it
		b.current.Scale = []float32{q.Step}
		return snn.Input{ChannelsFirst: o.ChannelsFirst, Levels: int32(q.High), Quantised: true, Low: int32(q.Low)}, nil
	}
	stats, err := b.stats(&plan.Site{Value: b.Plan.Graph.Inputs[0], Signed: true})
	if err != nil {
		return nil, err
	}
	reach := stats.Reach(b.Profile.Samples)
	if len(reach) != b.current.Shape.C || !b.ownScales() {
		reach = []float32{slices.Max(reach)}
	}
	for _, most := range reach {
		if most == 0 {
			most = 1
		}
		b.current.Scale = append(b.current.Scale, max(most/inputLevels, smallestUnit))
	}
	return snn.Input{ChannelsFirst: o.ChannelsFirst, Levels: inputLevels}, nil
}

// ownScales reports whether channels of the input may differ in the value of a level. The
// pixels of a picture share their range, whatever few samples show, unless the channels are
// its colours.
func (b *Builder) ownScales() bool {
	shape := b.current.Shape
	colours := shape.H > 1 && (shape.C == 1 || shape.C == 3)
	return (len(b.Profile.Preprocess) == 0 || colours) && b.Plan.SeparatesInput()
}
