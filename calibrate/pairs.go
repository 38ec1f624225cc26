package calibrate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"

	"ann2snn/internal/par"
)

// Fit chooses clip values from pairs of inputs of neurons and the outputs that they should
// have: got and want hold rows of channels, behind the activation. Unlike Choose, which
// has the distribution of want alone, it sees the errors of the network before the neurons.
// The method must be one that Fits. The rows are of some samples: where these are few,
// channels borrow from each other what they lack.
func (m Method) Fit(ctx context.Context, g Grid, got, want []float32, channels, samples int, perChannel bool, workers int) (Choice, error) {
	if err := cmp.Or(m.check(), g.check()); err != nil {
		return Choice{}, err
	}
	if !m.Fits() {
		return Choice{}, fmt.Errorf("calibrate: method %q does not fit", m.Name)
	}
	if channels < 1 || len(got)%channels != 0 || len(got) != len(want) || len(got) == 0 {
		return Choice{}, fmt.Errorf("calibrate: %d and %d values do not make rows of %d channels", len(got), len(want), channels)
	}
	site := sampled(got, want, 0, 1, 4*pairRows)
	if most := site.largest(); math.IsNaN(most) || math.IsInf(most, 0) {
		return Choice{}, errors.New("calibrate: a value is not finite")
	}
	whole := site.clip(m, g)
	if !perChannel || channels == 1 {
		return g.choice([]float64{whole}, []pairs{site}), nil
	}
	clips, all := make([]float64, channels), make([]pairs, channels)
	par.For(channels, workers, func(_, c int) { all[c] = sampled(got, want, c, channels, pairRows) })
	lender := newBorrower(all, Observations(len(got)/channels, samples))
	err := par.ForErr(ctx, channels, workers, func(_, c int) error {
		clips[c] = whole
		if full := lender.lend(all[c], c); full.largest() > 0 {
			clips[c] = full.clip(m, g)
		}
		return nil
	})
	if err != nil {
		return Choice{}, err
	}
	return g.choice(clips, all), nil
}

// Loss returns the squared error of the spikes that neurons with some thresholds, one for
// each channel, make of got against want, both in rows of channels.
func (g Grid) Loss(thresholds, got, want []float32) float64 {
	sum := 0.0
	for c, threshold := range thresholds {
		q := g.quantiser(float64(threshold) * float64(g.Max) * g.span())
		for i := c; i < len(got); i += len(thresholds) {
			d := q.round(float64(got[i])) - float64(want[i])
			sum += d * d
		}
	}
	return sum
}

// pairRows is how many rows of a channel are used, at most.
const pairRows = 8 << 10

// pairs are inputs of neurons and the outputs that they should have.
type pairs struct{ got, want []float32 }

// sampled takes at most most pairs, of those every stride elements. Where it has to leave
// some out it takes steps of the golden ratio: rows are positions of maps, and steps of one
// length might meet the border alone.
func sampled(got, want []float32, from, stride, most int) pairs {
	n := (len(got) - from + stride - 1) / stride
	p := pairs{make([]float32, min(n, most)), make([]float32, min(n, most))}
	for i := range p.got {
		row := i
		if n > most {
			_, part := math.Modf(float64(i) * math.Phi)
			row = int(part * float64(n))
		}
		p.got[i], p.want[i] = got[from+row*stride], want[from+row*stride]
	}
	return p
}

func (p pairs) largest() float64 {
	most := 0.0
	for _, x := range p.got {
		most = max(most, math.Abs(float64(x)))
	}
	return most
}

// clip returns the value that a method chooses, or 1 where all are 0.
func (p pairs) clip(m Method, g Grid) float64 {
	if p.largest() == 0 {
		return 1
	}
	return m.fit(p, g, m.Param)
}

// loss returns the squared error of rounding got, against want; it may stop at enough.
func (p pairs) loss(q quantiser, enough float64) float64 {
	sum := 0.0
	for i, x := range p.got {
		d := q.round(float64(x)) - float64(p.want[i])
		if sum += d * d; sum >= enough {
			break
		}
	}
	return sum
}

// choice makes a Choice of clip values, with the errors of rounding and clipping got.
func (g Grid) choice(clips []float64, all []pairs) Choice {
	c := chooser{grid: g}
	for k, clip := range clips {
		c.Threshold = append(c.Threshold, max(float32(g.Threshold(clip)), smallestNormal))
		c.Clip = append(c.Clip, float32(clip))
		q := g.quantiser(clip)
		reach := q.reach()
		for _, got := range all[k].got {
			x := float64(got)
			d := q.round(x) - x
			c.energy += x * x
			if math.Abs(x) > reach {
				c.clipping += d * d
			} else {
				c.rounding += d * d
			}
		}
	}
	return c.finish()
}

// round rounds as a neuron with a constant input does.
func (q quantiser) round(x float64) float64 {
	sum, sign := 0.0, 1.0
	for _, s := range q.stages {
		if x < 0 {
			sign, x = -sign, -x
		}
		k := min(math.Floor(x/s.step+0.5), s.most)
		sum += sign * k * s.step
		x -= k * s.step
	}
	return sum
}
