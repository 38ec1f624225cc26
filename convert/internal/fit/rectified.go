package fit

import (
	"gonum.org/v1/gonum/mat"

	"ann2snn/internal/par"
)

// rectifyRounds is how often rectify changes its targets: each round takes as long as a
// whole linear fit.
const rectifyRounds = 3

// rectifyWeights are the candidates of ridgeWeights that rectify tries.
var rectifyWeights = []float64{1e-2, 1e-1, 1}

// rectify fits what neurons put out in the rows before end, where linear fits their
// pre-activations: below zero any negative value is right. A neuron that is silent nearly
// everywhere is fitted by linear to how far below zero it is, not to what it says.
// Regression starts at the trained weights and is repeated, with targets that follow the
// last one where it is rightly negative; then biases move so that neurons put out as much, on average, as trained.
func (p *problem) rectify(trained *mat.Dense, end int) regression {
	misses, currents := p.misses(trained, end), p.currents(trained, 0, end)
	return func(n *mat.SymDense) (*mat.Dense, bool) {
		w := trained
		for range rectifyRounds {
			now := p.currents(w, 0, end)
			for i := range now {
				now[i] = p.rectifiedMiss(i, misses[i], currents[i], now[i])
			}
			var ok bool
			if w, ok = p.regress(n, trained, p.cross(now, end)); !ok {
				return nil, false
			}
		}
		p.balance(w, end)
		return w, true
	}
}

// rectifiedMiss is what a trained current lacks of its target: where that is positive, miss;
// elsewhere of now, its latest successor, unless that is positive.
func (p *problem) rectifiedMiss(i int, miss, trained, now float32) float32 {
	row, channel := i/p.outs, p.from+i%p.outs
	gain := p.gainOf(channel)
	switch {
	case gain == 0 || p.want[row*p.channels+channel] > 0:
		return miss
	case p.preActivation(row, channel, now) <= 0:
		return now - trained
	}
	return -p.preActivation(row, channel, trained) / gain
}

// balanceRounds is how often balance moves a bias; each move may wake or silence neurons.
const balanceRounds = 8

// balance moves biases until the mean of what neurons put out in the rows before end is
// that of the trained ones: errors of one sign would add up from layer to layer.
func (p *problem) balance(w *mat.Dense, end int) {
	currents := p.currents(w, 0, end)
	bias := p.width - 1
	par.For(p.outs, p.workers, func(_, o int) {
		channel := p.from + o
		gain := p.gainOf(channel)
		for range balanceRounds {
			lack, awake := 0.0, 0
			for row := range end {
				got := p.preActivation(row, channel, currents[row*p.outs+o])
				if got > 0 {
					awake++
				}
				lack += float64(max(p.want[row*p.channels+channel], 0) - max(got, 0))
			}
			if awake == 0 || gain == 0 {
				return
			}
			move := lack / float64(awake) / float64(gain)
			w.Set(bias, o, w.At(bias, o)+move)
			for row := range end {
				currents[row*p.outs+o] += float32(move)
			}
		}
	})
}
