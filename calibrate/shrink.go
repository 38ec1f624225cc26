package calibrate

import (
	"math"
	"slices"
)

// Few observations tell little about the largest value to come: of 64 normal ones the
// largest is below 2.5 standard deviations, of a million below 5. A channel with few
// observations is therefore given others in addition to its own: those of all channels of its
// site, each in units of its root mean square. They stand for the shape of the
// distribution, the channel's own ones for its scale.
const (
	enoughObservations = 4096 // from here on a channel is left to itself,
	enoughNonzero      = 256  // if so many of them are other than 0
	borrowed           = 256  // observations that a channel gets which has none
	// mostPerSample bounds what a sample counts for: values at different places of a map
	// are not independent.
	mostPerSample = 16
)

// Observations returns how many independent values count values on some samples come to:
// values at different positions of a sample resemble each other.
func Observations(count, samples int) float64 {
	return float64(min(count, mostPerSample*samples))
}

// sight is how well the channels of a site are known.
type sight struct {
	seen    float64   // observations of each channel
	nonzero []float64 // of them, those other than 0
	scale   []float64 // root mean square to expect of the values other than 0; 0 if the site has none
}

// newSight weighs what was seen of each channel against the others. rms is the root mean
// square of a channel's values other than 0, share which part of its values they are.
//
// Logarithms of scales are averaged, as an empirical Bayes estimate does: what a channel's own
// scale counts for grows with its observations, what the others' counts for falls with
// how much they differ. The result follows where channels are scaled, be it by a thousand:
// networks have such channels, and compute with them what they would without.
func newSight(seen float64, rms, share []float64) sight {
	s := sight{seen, make([]float64, len(rms)), make([]float64, len(rms))}
	weights, mean, spread := 0.0, 0.0, 0.0
	for c, x := range rms {
		s.nonzero[c] = seen * share[c]
		if x > 0 {
			w := s.nonzero[c] / (s.nonzero[c] + scaleNoise)
			d := math.Log(x) - mean
			weights += w
			mean += d * w / weights
			spread += w * d * (math.Log(x) - mean)
		}
	}
	if weights == 0 {
		return s
	}
	spread /= weights
	for c, x := range rms {
		// Variances of the logarithm: of the other channels spread, of this one's scaleNoise
		// by observations.
		own := 0.0
		if x > 0 && spread > 0 {
			own = 1 / (1 + scaleNoise/(s.nonzero[c]*spread))
			s.scale[c] = own * math.Log(x)
		}
		// The mean of squares lies above the square of what is most likely.
		doubt := min((1-own)*spread, mostDoubt)
		s.scale[c] = math.Exp(s.scale[c] + (1-own)*mean + doubt)
	}
	return s
}

const (
	scaleNoise = 2   // variance of the logarithm of a root mean square of one observation: (kurtosis - 1) / 4
	mostDoubt  = 0.5 // channels may differ by orders of magnitude; a guess does not
)

// borrows is how many values of other channels a channel is given.
func (s sight) borrows(channel int) float64 {
	return borrowed * max(0, 1-min(s.seen/enoughObservations, s.nonzero[channel]/enoughNonzero))
}

// lends reports whether any channel needs values of others.
func (s sight) lends() bool {
	for c := range s.nonzero {
		if s.borrows(c) > 0 {
			return true
		}
	}
	return false
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

// look returns what is known of the channels, of which so many observations were made. Where
// some need more, shape has those of all channels in units of their root mean squares: channels
// of zeros say nothing about shapes.
func (s *Stats) look(seen float64) (known sight, shape *distribution) {
	rms, share := make([]float64, 0, s.Channels), make([]float64, 0, s.Channels)
	for _, d := range s.distributions() {
		rms, share = append(rms, d.rms()), append(share, 1-d.zeros/d.total())
	}
	known = newSight(seen, rms, share)
	if !known.lends() {
		return known, nil
	}
	shape = &distribution{counts: make([]float64, numBins)}
	for c, d := range s.distributions() {
		if rms[c] > 0 {
			shape.join(d.scaled(1 / rms[c]))
		}
	}
	return known, shape
}

// lend returns a channel's distribution with observations of the site's shape added.
func (d *distribution) lend(shape *distribution, known sight, channel int) *distribution {
	prior := shape.scaled(known.scale[channel])
	weight := known.borrows(channel) / prior.total() * d.total() / known.seen
	for i := range prior.counts {
		prior.counts[i] *= weight
	}
	prior.zeros *= weight
	prior.join(d)
	return prior
}

// borrower gives channels pairs of other channels.
type borrower struct {
	known sight
	shape pairs // the site's, in units of its channels' root mean squares, by magnitude
}

// rms is the root mean square of the values other than 0, share which part they are.
func (p pairs) rms() (rms, share float64) {
	sum, n := 0.0, 0
	for _, x := range p.got {
		if x != 0 {
			sum += float64(x) * float64(x)
			n++
		}
	}
	return math.Sqrt(sum / float64(max(1, n))), float64(n) / float64(max(1, len(p.got)))
}

// newBorrower takes the pairs of all channels of a site, each observed so many times.
func newBorrower(all []pairs, seen float64) *borrower {
	rms, share := make([]float64, len(all)), make([]float64, len(all))
	for c, p := range all {
		rms[c], share[c] = p.rms()
	}
	b := &borrower{known: newSight(seen, rms, share)}
	if !b.known.lends() {
		return b
	}
	type pair struct{ got, want float32 }
	var pooled []pair
	for c, p := range all {
		if rms[c] == 0 {
			continue
		}
		unit := float32(rms[c])
		for i, x := range p.got {
			pooled = append(pooled, pair{x / unit, p.want[i] / unit})
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
func (b *borrower) lend(p pairs, channel int) pairs {
	n := int(b.known.borrows(channel) * float64(len(p.got)) / b.known.seen)
	if n == 0 || len(b.shape.got) == 0 {
		return p
	}
	scale := float32(b.known.scale[channel])
	more := pairs{slices.Clone(p.got), slices.Clone(p.want)}
	for i := range n {
		at := len(b.shape.got) - 1 - i*len(b.shape.got)/n
		more.got, more.want = append(more.got, b.shape.got[at]*scale), append(more.want, b.shape.want[at]*scale)
	}
	return more
}
