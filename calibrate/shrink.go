package calibrate

import (
	"math"
	"slices"
)

// Few observations tell little about the largest value to come: of 64 normal ones the
// largest is below 2.5 standard deviations, of a million below 5. A channel with few
// observations is therefore given others in addition to its own: those of all channels of its
// site, each in units of its root mean square. They stand for the shape of the
// distribution, the channel's own ones for its scale, which shrinks towards that of the
// site where even that is hardly known.
const (
	enoughObservations = 4096 // from here on a channel is left to itself
	borrowed           = 256  // observations that a channel gets which has none
	scaleObservations  = 16   // weight of the site's mean square against a channel's
	// mostPerSample bounds what a sample counts for: values at different places of a map
	// are not independent.
	mostPerSample = 16
)

// Observations returns how many independent values count values on some samples come to:
// values at different positions of a sample resemble each other.
func Observations(count, samples int) float64 {
	return float64(min(count, mostPerSample*samples))
}

// borrows is how many values of other channels a channel is given.
func borrows(observations float64) float64 {
	return borrowed * max(0, 1-observations/enoughObservations)
}

// shrunk is the root mean square of a channel, from that of its observations and that of
// its site.
func shrunk(channel, site, observations float64) float64 {
	return math.Sqrt((observations*channel*channel + scaleObservations*site*site) / (observations + scaleObservations))
}

// rms is the root mean square of the values other than 0: how often a channel is silent
// says nothing about how far it reaches.
func (d *distribution) rms() float64 {
	if n := d.total() - d.zeros; n > 0 {
		return math.Sqrt(d.energy() / n)
	}
	return 0
}

// scaled is d times factor.
func (d *distribution) scaled(factor float64) *distribution {
	s := &distribution{counts: make([]float64, numBins), zeros: d.zeros, max: d.max * factor}
	if d.max == 0 {
		return s
	}
	s.width = math.Ldexp(1, fit(float32(s.max)))
	for i, n := range d.counts {
		at := (float64(i) + 0.5) * d.width * factor / s.width
		s.counts[min(int(at), numBins-1)] += n
	}
	return s
}

// shape joins the channels of a site, each scaled to the root mean square of the site, which
// it returns. Channels of zeros say nothing about shapes.
func (s *Stats) shape() (shape *distribution, rms float64) {
	shape = &distribution{counts: make([]float64, numBins)}
	whole, _ := s.whole()
	rms = whole.rms()
	for d := range s.distributions() {
		if own := d.rms(); own > 0 {
			shape.join(d.scaled(rms / own))
		}
	}
	return shape, rms
}

// lend returns a channel's distribution with observations of the site's shape added.
func (d *distribution) lend(shape *distribution, rms, seen float64) *distribution {
	prior := shape.scaled(shrunk(d.rms(), rms, seen) / rms)
	weight := borrows(seen) / prior.total() * d.total() / seen
	for i := range prior.counts {
		prior.counts[i] *= weight
	}
	prior.zeros *= weight
	prior.join(d)
	return prior
}

// borrower gives channels pairs of other channels.
type borrower struct {
	shape pairs   // the site's, in units of its channels' root mean squares, by magnitude
	rms   float64 // of the site
}

func (p pairs) rms() float64 {
	sum := 0.0
	for _, x := range p.got {
		sum += float64(x) * float64(x)
	}
	return math.Sqrt(sum / float64(max(1, len(p.got))))
}

// newBorrower takes the pairs of all channels of a site.
func newBorrower(all []pairs, site pairs) *borrower {
	b := &borrower{rms: site.rms()}
	type pair struct{ got, want float32 }
	var pooled []pair
	for _, p := range all {
		rms := float32(p.rms())
		if rms == 0 {
			continue
		}
		for i, x := range p.got {
			pooled = append(pooled, pair{x / rms, p.want[i] / rms})
		}
	}
	slices.SortStableFunc(pooled, func(a, b pair) int {
		switch x, y := a.got*a.got, b.got*b.got; {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	most := min(len(pooled), borrowed)
	for i := range most { // evenly spaced in rank, the largest among them
		at := pooled[(i+1)*len(pooled)/most-1]
		b.shape.got, b.shape.want = append(b.shape.got, at.got), append(b.shape.want, at.want)
	}
	return b
}

// lend returns a channel's pairs and as many of the site's as it needs.
func (b *borrower) lend(p pairs, seen float64) pairs {
	n := int(borrows(seen) * float64(len(p.got)) / seen)
	if n == 0 || len(b.shape.got) == 0 {
		return p
	}
	scale := float32(shrunk(p.rms(), b.rms, seen))
	more := pairs{slices.Clone(p.got), slices.Clone(p.want)}
	for i := range n {
		at := len(b.shape.got) - 1 - i*len(b.shape.got)/n
		more.got, more.want = append(more.got, b.shape.got[at]*scale), append(more.want, b.shape.want[at]*scale)
	}
	return more
}
