package calibrate

import (
	"math"
	"testing"
)

// statsOf are the statistics of channels of equal length.
func statsOf(signed bool, channels ...[]float32) *Stats {
	s := &Stats{Value: "x", Axis: 1, Signed: signed, Channels: len(channels), Count: uint64(len(channels[0]))}
	for _, values := range channels {
		var h histogram
		low, high := float32(math.Inf(1)), float32(math.Inf(-1))
		for _, v := range values {
			low, high = min(low, v), max(high, v)
		}
		h.grow(max(high, 0))
		h.add(values, 0)
		if signed {
			h.grow(largest(values))
			h.add(values, 1)
		}
		s.Min, s.Max, s.Mean = append(s.Min, low), append(s.Max, high), append(s.Mean, 0)
		s.Histogram = h.pack(s.Histogram)
	}
	return s
}

func scaled(values []float32, by float32) []float32 {
	out := make([]float32, len(values))
	for i, v := range values {
		out[i] = v * by
	}
	return out
}

// TestChooseFollowsScales: the clip value of a channel that was well seen is its own, however
// small or large the others are.
func TestChooseFollowsScales(t *testing.T) {
	t.Parallel()
	bell := halfNormal(5000, 1)
	c, err := statsOf(false, bell, scaled(bell, 0x1p-20), scaled(bell, 0x1p+10)).Choose(mseMethod, Grid{Max: 15, Steps: 1, Rho: 1}, true, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	if c.Clip[1] != c.Clip[0]*0x1p-20 || c.Clip[2] != c.Clip[0]*0x1p+10 {
		t.Errorf("clip values %v of one channel in three sizes", c.Clip)
	}
	for i, threshold := range c.Threshold {
		if want := c.Clip[i] / 15; math.Abs(float64(threshold/want-1)) > 1e-6 {
			t.Errorf("channel %d: threshold %v, want %v", i, threshold, want)
		}
	}
}

// TestChooseLendsToSilentChannels: a channel that was 0 on all samples, or on almost all, takes
// after the others, and one that is much larger than the rest does not stand for them.
func TestChooseLendsToSilentChannels(t *testing.T) {
	t.Parallel()
	bell := halfNormal(5000, 1)
	once := scaled(bell, 0)
	once[100] = 1e-4
	s := statsOf(false, bell, bell, bell, scaled(bell, 1.5), scaled(bell, 0), once, scaled(bell, 1000))
	c, err := s.Choose(mseMethod, Grid{Max: 15, Steps: 1, Rho: 1}, true, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	if c.Dead != 1 || len(c.Threshold) != 7 {
		t.Fatalf("choice %+v", c)
	}
	if dead := c.Clip[4] / c.Clip[0]; dead < 1 || dead > 20 {
		t.Errorf("a dead channel's clip value is %v times that of most others", dead)
	}
	if rare := c.Clip[5] / c.Clip[0]; rare < 2e-4 || rare > 1 {
		t.Errorf("the clip value of a channel that was seen once is %v times that of most others", rare)
	}
}

func TestChooseOnZerosOnly(t *testing.T) {
	t.Parallel()
	c, err := statsOf(true, make([]float32, 10), make([]float32, 10)).Choose(klMethod, Grid{3, 1, 1}, true, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	if c.Clip[0] != 1 || c.Clip[1] != 1 || c.Dead != 2 || c.Rounding != 0 || c.Clipping != 0 {
		t.Errorf("choice %+v", c)
	}
}

func TestChooseReportsErrors(t *testing.T) {
	t.Parallel()
	bell := halfNormal(20000, 2)
	s := statsOf(false, bell, scaled(bell, 3))
	for _, method := range Methods {
		c, err := s.Choose(method, Grid{Max: 7, Steps: 1, Rho: 1}, true, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		lost, energy := 0.0, 0.0
		for i, by := range []float32{1, 3} {
			values := scaled(bell, by)
			lost += squaredLoss(values, float64(c.Clip[i]), Grid{Max: 7, Steps: 1, Rho: 1})
			for _, v := range values {
				energy += float64(v) * float64(v)
			}
		}
		want := math.Sqrt(lost / energy)
		if got := math.Hypot(c.Rounding, c.Clipping); math.Abs(got-want) > 0.02*want {
			t.Errorf("%v: relative error %v, want %v", method, got, want)
		}
	}
}

func TestChooseRefusesBadGrids(t *testing.T) {
	t.Parallel()
	if _, err := statsOf(false, []float32{1}).Choose(maxMethod, Grid{}, false, 1<<20); err == nil {
		t.Error("the zero Grid was taken")
	}
}

// TestSilenceIsNoShape: a channel that is hardly ever other than 0 does not make the others
// expect values far beyond what they showed.
func TestSilenceIsNoShape(t *testing.T) {
	s := site(ramp(168, 1), ramp(168, 2), rare(168, 1, 0.05), rare(168, 4, 0.1))
	c, err := s.Choose(maxMethod, Grid{Max: 255, Steps: 1, Rho: 1}, true, 168)
	if err != nil {
		t.Fatal(err)
	}
	for i, seen := range []float32{1, 2} {
		if c.Clip[i] < seen || c.Clip[i] > 1.5*seen {
			t.Errorf("channel %d, which reached %v: clip value %v", i, seen, c.Clip[i])
		}
	}
}
