package calibrate

import (
	"context"
	"math"
	"testing"
)

// TestLTBOfOneLevel: a single level settles at the mean of what reaches it, wherever the
// largest value lies.
func TestLTBOfOneLevel(t *testing.T) {
	t.Parallel()
	values := []float32{0, 0, 0, 1.75}
	for range 99 {
		values = append(values, 1)
	}
	want := (99*1 + 1.75) / 100
	if got := clipOf(t, "ltb", values, Grid{1, 1, 1}); math.Abs(got-want) > 2e-3 {
		t.Errorf("clip %v, want %v", got, want)
	}
}

// TestLTBIsBalanced: no other scale of the levels that values have been given is better,
// and a wide tail is cut off.
func TestLTBIsBalanced(t *testing.T) {
	t.Parallel()
	values := halfNormal(20000, 6)
	for _, g := range []Grid{{1, 1, 1}, {3, 1, 1}, {15, 1, 1}, {3, 4, 1}, {3, 2, 4}} {
		clip := clipOf(t, "ltb", values, g)
		cross, square := 0.0, 0.0
		for _, v := range values {
			y := represented(float64(v), g.Threshold(clip), g)
			cross, square = cross+y*float64(v), square+y*y
		}
		if math.Abs(cross/square-1) > 0.01 {
			t.Errorf("%+v: clip %v would be better by the factor %v", g, clip, cross/square)
		}
		if most := float64(largest(values)); clip > most || squaredLoss(values, clip, g) > squaredLoss(values, most, g) {
			t.Errorf("%+v: clip %v is worse than the largest value", g, clip)
		}
	}
}

// TestLTBOfPairs: thresholds follow the wanted outputs of neurons, not their inputs.
func TestLTBOfPairs(t *testing.T) {
	t.Parallel()
	var got, want []float32
	for k := range 16 {
		got, want = append(got, float32(k)), append(want, 0.75*float32(k))
	}
	m, err := ParseMethod("ltb")
	if err != nil {
		t.Fatal(err)
	}
	c, err := m.Fit(context.Background(), Grid{15, 1, 1}, got, want, 1, 1<<20, false, 1)
	if err != nil {
		t.Fatal(err)
	}
	if c.Clip[0] >= 14.5 || c.Clip[0] < 7 {
		t.Errorf("clip %v, want one below the 15 of what neurons get", c.Clip[0])
	}
}
