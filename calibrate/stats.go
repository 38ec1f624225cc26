package calibrate

import (
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
)

// Stats holds the statistics of a site: per channel the range, the mean and a histogram.
type Stats struct {
	Value    string    `json:"value"` // name in the graph
	Axis     int       `json:"axis"`  // of the channels, -1 where all share one
	Signed   bool      `json:"signed"`
	Channels int       `json:"channels"`
	Count    uint64    `json:"count"` // of values in each channel
	Min      []float32 `json:"min"`
	Max      []float32 `json:"max"`
	Mean     []float64 `json:"mean"`
	// Histogram holds the packed histograms of all channels; see pack.
	Histogram []byte `json:"histogram"`
}

// Magnitude returns the largest absolute value of the site.
func (s *Stats) Magnitude() float32 { return max(slices.Max(s.Max), -slices.Min(s.Min)) }

// distributions yields the channels' distributions in order.
func (s *Stats) distributions() iter.Seq2[int, *distribution] {
	return func(yield func(int, *distribution) bool) {
		rest := s.Histogram
		for c := range s.Channels {
			h, after, err := unpack(rest)
			if err != nil {
				panic("calibrate: statistics were not checked: " + err.Error())
			}
			rest = after
			if !yield(c, h.magnitudes(s.Count, s.magnitude(c))) {
				return
			}
		}
	}
}

// magnitude returns the largest value of channel c that its histogram covers.
func (s *Stats) magnitude(c int) float32 {
	if s.Signed {
		return max(s.Max[c], -s.Min[c])
	}
	return max(s.Max[c], 0)
}

// maxAxis bounds Stats.Axis; no value has that many axes.
const maxAxis = 64

// check makes sure that statistics that were read can be used.
func (s *Stats) check() error {
	switch {
	case s.Value == "":
		return errors.New("has no name")
	case s.Axis < -1 || s.Axis > maxAxis:
		return fmt.Errorf("axis %d is out of range", s.Axis)
	case s.Count == 0 || s.Count > math.MaxUint32:
		return fmt.Errorf("%d values in a channel are out of range", s.Count)
	case s.Channels < 1 || len(s.Min) != s.Channels || len(s.Max) != s.Channels || len(s.Mean) != s.Channels:
		return fmt.Errorf("%d minima, %d maxima and %d means do not suit %d channels",
			len(s.Min), len(s.Max), len(s.Mean), s.Channels)
	}
	rest := s.Histogram
	for c := range s.Channels {
		h, after, err := unpack(rest)
		if err == nil {
			err = s.checkChannel(c, h)
		}
		if err != nil {
			return fmt.Errorf("channel %d: %w", c, err)
		}
		rest = after
	}
	if len(rest) > 0 {
		return fmt.Errorf("%d bytes follow the last histogram", len(rest))
	}
	return nil
}

func (s *Stats) checkChannel(c int, h *histogram) error {
	largest := s.magnitude(c)
	switch {
	case s.Min[c] > s.Max[c]:
		return fmt.Errorf("minimum %v exceeds maximum %v", s.Min[c], s.Max[c])
	case h.empty() != (largest == 0), !h.empty() && h.exp != fit(largest):
		return fmt.Errorf("histogram does not suit the range %v to %v", s.Min[c], s.Max[c])
	case h.side[1] != nil && !s.Signed:
		return errors.New("histogram has negative values at an unsigned site")
	}
	total := uint64(0)
	for _, counts := range h.side {
		for _, n := range counts {
			total += uint64(n)
		}
	}
	if total > s.Count || total == 0 && !h.empty() {
		return fmt.Errorf("histogram holds %d of %d values", total, s.Count)
	}
	return nil
}
