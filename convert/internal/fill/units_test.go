package fill

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestBestUnit: the unit loses no more than the one that just holds the largest weight.
func TestBestUnit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		row := rapid.SliceOfN(rapid.Float32Range(-4, 4), 1, 30).Draw(t, "weights")
		most := rapid.SampledFrom([]int{127, 14, 7}).Draw(t, "largest weight")
		largest := float64(max(slices.Max(row), -slices.Min(row)))
		if largest < 1e-6 {
			t.Skip("no weights")
		}
		loss := func(unit float64) float64 {
			sum := 0.0
			for _, x := range row {
				q := roundTo(x, float32(unit), most)
				if math.Abs(q) > float64(most) {
					t.Fatalf("weight %v of unit %v becomes %v", x, unit, q)
				}
				d := float64(x) - q*unit
				sum += d * d
			}
			return sum
		}
		if best, plain := loss(bestUnit(row, most)), loss(largest/float64(most)); best > plain+1e-12*largest*largest {
			t.Fatalf("loss %v, the plain unit has %v", best, plain)
		}
	})
}

// TestFraction: a unit grows by no more than a quarter, and a step becomes a whole number
// of units or a fraction of small numbers.
func TestFraction(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		step := rapid.Float64Range(1e-6, 1e3).Draw(t, "step")
		unit := rapid.Float64Range(1e-6, 1e3).Draw(t, "unit")
		got := fraction(step, unit)
		if got < unit*(1-1e-12) || got > unit*1.25*(1+1e-12) {
			t.Fatalf("unit %v becomes %v", unit, got)
		}
		if got == unit {
			return
		}
		for q := 1.; q <= 64; q++ {
			if p := q * got / step; step/got > 3.99 || math.Abs(p-math.Round(p)) < 1e-6*p {
				return
			}
		}
		t.Fatalf("step %v is no simple fraction of %v", step, got)
	})
	for _, unit := range []float64{0.5, 0, math.Inf(1)} {
		if got := fraction(0, unit); got != unit {
			t.Errorf("without a step, unit %v becomes %v", unit, got)
		}
	}
}

// TestWholePart: the unit divides the value, and is neither below what is wanted nor below
// the least.
func TestWholePart(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(1e-3, 1e3).Draw(t, "x")
		wanted := rapid.Float64Range(1e-3, 1e3).Draw(t, "wanted")
		least := rapid.Float64Range(1e-3, 1e3).Draw(t, "least")
		got := float64(wholePart(x, wanted, least))
		if got < least*(1-1e-6) {
			t.Fatalf("unit %v is below %v", got, least)
		}
		if parts := x / got; got > least*(1+1e-6) && math.Abs(parts-math.Round(parts)) > 1e-4*parts {
			t.Fatalf("%v has %v units of %v", x, parts, got)
		}
		if wanted <= x && got < wanted*(1-1e-6) {
			t.Fatalf("unit %v is finer than %v", got, wanted)
		}
	})
	if got := wholePart(math.Inf(1), 0.25, 0.125); got != 0.25 {
		t.Errorf("without a factor the unit is %v", got)
	}
}

// TestIntegerThresholds: thresholds are whole numbers of units, at least one.
func TestIntegerThresholds(t *testing.T) {
	t.Parallel()
	thresholds := []float32{1, 0.3, 0.001}
	got := integerThresholds(thresholds, []float32{0.25, 0.125, 0.5})
	if !slices.Equal(got, []int32{4, 2, 1}) || !slices.Equal(thresholds, []float32{1, 0.25, 0.5}) {
		t.Errorf("%v units, thresholds %v", got, thresholds)
	}
}
