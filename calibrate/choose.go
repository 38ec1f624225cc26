package calibrate

import (
	"cmp"
	"fmt"
	"math"
)

// Choice holds the thresholds that a method chose for a site. Threshold and Clip have an
// entry per channel, or a single one where the channels share it.
type Choice struct {
	Threshold []float32 `json:"threshold"` // of one level
	Clip      []float32 `json:"clip"`      // the largest value that spikes can stand for
	// Root mean square errors by rounding and by clipping, each relative to the root
	// mean square of the values.
	Rounding float64 `json:"rounding_error"`
	Clipping float64 `json:"clip_error"`
	Dead     int     `json:"dead_channels"` // channels that were 0 on all samples
}

// Choose applies a method to the site's statistics, channel by channel or to all
// channels together. A site that was 0 on all samples takes the clip value 1. samples is how
// many samples the statistics are of: where a channel was seen little, or was 0 on almost all
// of them, it borrows from the others what it lacks.
func (s *Stats) Choose(m Method, g Grid, perChannel bool, samples int) (Choice, error) {
	if err := cmp.Or(m.check(), g.check()); err != nil {
		return Choice{}, err
	}
	if err := s.check(); err != nil {
		return Choice{}, fmt.Errorf("calibrate: the statistics of %q: %w", s.Value, err)
	}
	whole, dead := s.whole()
	site := 1.0
	if whole.max > 0 {
		site = m.clip(whole, g, m.Param)
	}
	c := chooser{Choice: Choice{Dead: dead}, grid: g}
	if !perChannel || s.Channels == 1 {
		c.add(whole, site)
		return c.finish(), nil
	}
	known, shape := s.look(Observations(int(s.Count), samples))
	for channel, d := range s.distributions() {
		clip, full := site, d
		if known.borrows(channel) > 0 && shape.max > 0 {
			full = d.lend(shape, known, channel)
		}
		if full.max > 0 {
			clip = m.clip(full, g, m.Param)
		}
		c.add(d, clip)
	}
	return c.finish(), nil
}

// whole joins the channels and counts those that are all zeros.
func (s *Stats) whole() (whole *distribution, dead int) {
	whole = &distribution{counts: make([]float64, numBins)}
	for _, d := range s.distributions() {
		whole.join(d)
		if d.max == 0 {
			dead++
		}
	}
	return whole, dead
}

// chooser builds a Choice channel by channel.
type chooser struct {
	Choice
	grid                       Grid
	rounding, clipping, energy float64
}

func (c *chooser) add(d *distribution, clip float64) {
	threshold := float32(c.grid.Threshold(clip))
	threshold = max(threshold, smallestNormal)
	c.Threshold = append(c.Threshold, threshold)
	c.Clip = append(c.Clip, float32(clip))
	rounding, clipping := d.loss(c.grid.quantiser(clip))
	c.rounding += rounding
	c.clipping += clipping
	c.energy += d.energy()
}

// smallestNormal is the smallest float32 with full precision.
const smallestNormal = 0x1p-126

func (c *chooser) finish() Choice {
	if c.energy > 0 {
		c.Rounding = math.Sqrt(c.rounding / c.energy)
		c.Clipping = math.Sqrt(c.clipping / c.energy)
	}
	return c.Choice
}
