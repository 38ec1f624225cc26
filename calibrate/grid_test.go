package calibrate

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// represented is what a neuron that gets x once (refinement) or in every step (otherwise)
// stands for after the last step; see snn.Network.
func represented(x, theta float64, g Grid) float64 {
	if g.Rho == 1 {
		steps := float64(g.Steps)
		return min(math.Floor(x*steps/theta+0.5), steps*float64(g.Max)) * theta / steps
	}
	sum, low := 0.0, 0.0
	for range g.Steps {
		k := min(max(math.Floor((x-sum)/theta+0.5), low), float64(g.Max))
		sum += k * theta
		theta /= float64(g.Rho)
		low = -float64(g.Max)
	}
	return sum
}

func drawGrid(t *rapid.T) Grid {
	return Grid{
		Max:   1<<rapid.IntRange(1, 8).Draw(t, "bits") - 1,
		Steps: rapid.IntRange(1, 4).Draw(t, "steps"),
		Rho:   rapid.SampledFrom([]int{1, 2, 3, 4, 16}).Draw(t, "rho"),
	}
}

func TestErrorIntegratesTheRounding(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := drawGrid(t)
		clip := rapid.Float64Range(0.1, 10).Draw(t, "clip")
		q, theta := g.quantiser(clip), g.Threshold(clip)
		x := rapid.Float64Range(0, 1.5).Draw(t, "x") * clip
		const points = 20000
		want := 0.0
		for i := range points {
			at := (float64(i) + 0.5) / points * x
			want += math.Pow(represented(at, theta, g)-at, 2)
		}
		want *= x / points
		// A cell's border may fall anywhere within a point's share of x.
		tolerance := 1e-3*want + 1e-4*x*math.Pow(x/points+theta/float64(g.Steps), 2) + 1e-12
		if got := q.error(x); math.Abs(got-want) > tolerance {
			t.Fatalf("grid %+v, clip %v: integral to %v is %v, want %v", g, clip, x, got, want)
		}
	})
}

func TestReachIsWhereClippingBegins(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := drawGrid(t)
		clip := rapid.Float64Range(0.1, 10).Draw(t, "clip")
		theta := g.Threshold(clip)
		if got := represented(2*clip, theta, g); math.Abs(got-clip) > 1e-9*clip {
			t.Fatalf("grid %+v: the largest value is %v, want the clip value %v", g, got, clip)
		}
		reach := g.quantiser(clip).reach()
		if got := represented(reach, theta, g); math.Abs(got-clip) > 1e-9*clip {
			t.Fatalf("grid %+v: value %v within reach settles at %v, want %v", g, reach, got, clip)
		}
	})
}

func TestGridLevels(t *testing.T) {
	t.Parallel()
	tests := []struct {
		grid   Grid
		levels float64
	}{
		{Grid{15, 1, 1}, 15},
		{Grid{15, 1, 16}, 15},
		{Grid{3, 4, 1}, 12},
		{Grid{3, 4, 2}, 45},
		{Grid{1, 3, 4}, 21},
	}
	for _, tt := range tests {
		if got := tt.grid.levels(); math.Abs(got-tt.levels) > 1e-9 {
			t.Errorf("%+v has %v levels, want %v", tt.grid, got, tt.levels)
		}
	}
}

func TestGridCheck(t *testing.T) {
	t.Parallel()
	for _, g := range []Grid{{}, {15, 0, 1}, {0, 1, 1}, {15, 1, 0}, {1 << 16, 1, 1}, {15, 1 << 13, 1}, {15, 1, 1 << 9}, {15, 64, 2}} {
		if g.check() == nil {
			t.Errorf("%+v was taken", g)
		}
	}
	for _, g := range []Grid{{1, 1, 1}, {1<<16 - 1, 1, 1}, {1, 4096, 1}, {15, 8, 16}} {
		if err := g.check(); err != nil {
			t.Errorf("%+v: %v", g, err)
		}
	}
}
