package fill

import "ann2snn/convert/internal/plan"

import "ann2snn/snn"

func (b *Builder) input(o plan.Input) (snn.Op, error) {
	if !b.Net.Integer {
		return snn.Input{ChannelsFirst: o.ChannelsFirst}, nil
	}
	return b.integerInput(o)
}

// integerInput quantises the analog input over the range that calibration saw.
func (b *Builder) integerInput(o plan.Input) (snn.Op, error) {
	stats, err := b.stats(&plan.Site{Value: b.Plan.Graph.Inputs[0], Signed: true})
	if err != nil {
		return nil, err
	}
	most := stats.Magnitude()
	if most == 0 {
		most = 1
	}
	b.current.Scale = []float32{most / inputLevels}
	return snn.Input{ChannelsFirst: o.ChannelsFirst, Levels: inputLevels}, nil
}
