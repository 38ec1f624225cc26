package calibrate

import (
	"math"
	"slices"
	"testing"
)

// site is a signed site of channels with the given values, seen on samples of one value each.
func site(channels ...[]float32) *Stats {
	s := &Stats{Value: "x", Axis: 1, Signed: true, Channels: len(channels), Count: uint64(len(channels[0]))}
	for _, values := range channels {
		h := &histogram{}
		low, high := slices.Min(values), slices.Max(values)
		h.grow(max(high, -low))
		h.add(values, 0)
		h.add(values, 1)
		s.Min, s.Max, s.Mean = append(s.Min, low), append(s.Max, high), append(s.Mean, 0)
		s.Histogram = h.pack(s.Histogram)
	}
	return s
}

// ramp are n values of -most to most.
func ramp(n int, most float32) []float32 {
	values := make([]float32, n)
	for i := range values {
		values[i] = most * (2*float32(i)/float32(n-1) - 1)
	}
	return values
}

// rare are n values of which the first few are most and the others 0.
func rare(n, few int, most float32) []float32 {
	values := make([]float32, n)
	for i := range few {
		values[i] = most
	}
	return values
}

func TestReach(t *testing.T) {
	for name, c := range map[string]struct {
		channels [][]float32
		want     []float32 // without margins
	}{
		"one channel":             {[][]float32{ramp(2000, 3)}, []float32{3}},
		"within a factor of 2":    {[][]float32{ramp(2000, 3), ramp(2000, 5)}, []float32{5}},
		"beyond a factor of 2":    {[][]float32{ramp(2000, 1), ramp(2000, 600), ramp(2000, 1000)}, []float32{1, 1000, 1000}},
		"never seen":              {[][]float32{ramp(2000, 3), make([]float32, 2000), ramp(2000, 2)}, []float32{3}},
		"hardly seen":             {[][]float32{ramp(2000, 1), ramp(2000, 1), ramp(2000, 1000), rare(2000, 2, 1e-3)}, []float32{1, 1, 1000, 1}},
		"nothing but zeros":       {[][]float32{make([]float32, 2000), make([]float32, 2000)}, []float32{0}},
		"far and seen often":      {[][]float32{rare(2000, 1500, 1), ramp(2000, 1000)}, []float32{1, 1000}},
		"of the other sign, none": {[][]float32{rare(2000, 1500, -4), ramp(2000, 1000)}, []float32{4, 1000}},
	} {
		if got := site(c.channels...).Reach(2000); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestReachHasMargin: the fewer observations, the more room beyond the largest of them.
func TestReachHasMargin(t *testing.T) {
	before := float32(math.Inf(1))
	for _, n := range []int{4, 16, 64, 256} {
		reach := site(ramp(n, 1), ramp(n, 1000)).Reach(n)
		if len(reach) != 2 || reach[0] <= 1 || reach[0] >= before || reach[0] > 1.5 {
			t.Errorf("%d samples: %v, before %v", n, reach, before)
		}
		before = reach[0]
	}
}
