package calibrate

import (
	"math"
	"slices"
)

// Limits of Stats.Reach.
const (
	surelyReached = 1024 // observations from which on a range is taken as it was seen
	unseenSamples = 4    // times as many samples as were seen: the largest of them is expected
	fewestNonzero = 4    // observations without which a channel takes after the others
)

// Reach returns the largest magnitude to expect in each channel of a site that was seen on
// so many samples, or one magnitude where no channel's differs from the largest by more than
// a factor of 2. Channels within that factor share the largest. Beyond what was seen there is
// a margin, which shrinks with the number of observations. A channel that was hardly ever
// other than 0 has at least the median of all channels.
func (s *Stats) Reach(samples int) []float32 {
	seen := make([]float64, 0, s.Channels)
	for _, d := range s.distributions() {
		seen = append(seen, Observations(int(d.total()-d.zeros), samples))
	}
	own := make([]float64, s.Channels)
	for c := range own {
		own[c] = float64(max(s.Max[c], -s.Min[c]))
	}
	median := slices.Sorted(slices.Values(own))[s.Channels/2]
	largest, together := slices.Max(own), 0.0
	for c, n := range seen {
		if own[c] > largest/2 {
			together += n
		}
	}
	shared := largest * margin(together)
	reach, apart := make([]float32, s.Channels), false
	for c := range reach {
		most := own[c] * margin(seen[c])
		if seen[c] < fewestNonzero {
			most = max(most, median)
		}
		if own[c] > largest/2 || most > shared/2 {
			most = shared
		}
		apart = apart || most < shared
		reach[c] = float32(min(most, math.MaxFloat32))
	}
	if !apart {
		return reach[:1]
	}
	return reach
}

// margin is how many times the largest of some observations to expect as the largest of
// many more: what it would be of normal ones.
func margin(observations float64) float64 {
	n := max(observations, 2)
	more := math.Sqrt(1+math.Log(unseenSamples)/math.Log(n)) - 1
	return 1 + more*max(0, 1-n/surelyReached)
}
