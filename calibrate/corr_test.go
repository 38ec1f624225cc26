package calibrate

import (
	"context"
	"math"
	"testing"
)

// TestCorrLooksForTheShape: what a scale could make up for does not count. The best levels
// for half of x are those of x, as long as nothing has to be stood for exactly.
func TestCorrLooksForTheShape(t *testing.T) {
	t.Parallel()
	var got, want []float32
	for k := range 16 {
		got, want = append(got, float32(k)), append(want, 0.5*float32(k))
	}
	for name, bounds := range map[string][2]float32{"corr": {14, 15}, "mse": {1, 10}} {
		m, err := ParseMethod(name)
		if err != nil {
			t.Fatal(err)
		}
		c, err := m.Fit(context.Background(), Grid{15, 1, 1}, got, want, 1, 1<<20, false, 1)
		if err != nil {
			t.Fatal(err)
		}
		if clip := c.Clip[0]; clip < bounds[0] || clip > bounds[1] {
			t.Errorf("%s: clip %v, want %v to %v", name, clip, bounds[0], bounds[1])
		}
	}
}

// TestCorrOfTwoValues: a single level tells two values apart wherever it lies between half
// of the larger and twice that, and nothing else does.
func TestCorrOfTwoValues(t *testing.T) {
	t.Parallel()
	values := []float32{0, 0, 0, 0, 4}
	for range 100 {
		values = append(values, 0.25, 1)
	}
	clip := clipOf(t, "corr", values, Grid{1, 1, 1})
	if clip < 0.5 || clip >= 2 {
		t.Errorf("clip %v does not tell 0.25 from 1", clip)
	}
	m := moments{}
	for _, x := range []float64{-1, 0, 2} {
		m.add(3*x-1, x, 2)
	}
	if u := m.unexplained(); math.Abs(u) > 1e-12 {
		t.Errorf("%v of what is linear is unexplained", u)
	}
}
