package fit

import "ann2snn/internal/par"

// rectifyRounds is how often rectify changes its targets. Each round takes as long as a whole
// linear fit.
const rectifyRounds = 3

// rectifyPenalties are the penalties that rectify tries.
var rectifyPenalties = []float64{1e-2, 1e-1, 1}

// rectify fits the outputs of neurons that rectify, in the rows before end, where linear fits
// their pre-activations: below zero any negative value is right. For a neuron that is silent
// nearly everywhere, linear fits how far below zero it is rather than its few spikes.
// Regression starts at the trained weights and is repeated, with targets that follow the
// last solution where that is rightly negative. At last biases move so that the mean output
// is that of the trained network.
func (p *problem) rectify(trained []float32, s solver) regression {
	end := p.fitted
	residuals, currents := p.residuals(trained, end), p.currents(trained, 0, end)
	return func(penalty float64) ([]float32, bool) {
		w := trained
		for range rectifyRounds {
			now := p.currents(w, 0, end)
			for i := range now {
				now[i] = p.rectifiedResidual(i, residuals[i], currents[i], now[i])
			}
			d, ok := s.distance(penalty, s.against(now))
			if !ok {
				return nil, false
			}
			w = change(trained, d)
		}
		p.matchMeans(w, end)
		return w, true
	}
}

// rectifiedResidual returns what a trained current lacks of its target. Where the target is
// positive, that is residual. Elsewhere the target is now, the current of the last solution,
// unless that is positive; then it is zero.
func (p *problem) rectifiedResidual(i int, residual, trained, now float32) float32 {
	row, channel := i/p.outs, p.first+i%p.outs
	gain := p.gainOf(channel)
	switch {
	case gain == 0 || p.want[row*p.channels+channel] > 0:
		return residual
	case p.preActivation(row, channel, now) <= 0:
		return now - trained
	}
	return -p.preActivation(row, channel, trained) / gain
}

// meanRounds is how often balance moves a bias; each move may wake or silence neurons.
const meanRounds = 8

// matchMeans moves biases until the mean output of neurons in the rows before end is that of
// the trained network: errors of one sign would add up from layer to layer.
func (p *problem) matchMeans(w []float32, end int) {
	currents := p.currents(w, 0, end)
	bias := p.width - 1
	par.For(p.outs, p.workers, func(_, o int) {
		channel := p.first + o
		gain := p.gainOf(channel)
		for range meanRounds {
			lack, active := 0.0, 0
			for row := range end {
				got := p.preActivation(row, channel, currents[row*p.outs+o])
				if got > 0 {
					active++
				}
				lack += float64(max(p.want[row*p.channels+channel], 0) - max(got, 0))
			}
			if active == 0 || gain == 0 {
				return
			}
			move := lack / float64(active) / float64(gain)
			w[bias*p.outs+o] += float32(move)
			for row := range end {
				currents[row*p.outs+o] += float32(move)
			}
		}
	})
}
