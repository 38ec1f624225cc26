package calibrate

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// halfNormal are values like those behind a ReLU: half zeros, half a bell's right side.
func halfNormal(n int, seed uint64) []float32 {
	r := rand.New(rand.NewPCG(seed, 0))
	values := make([]float32, n)
	for i := range values {
		values[i] = max(0, float32(r.NormFloat64()))
	}
	return values
}

func clipOf(t testing.TB, method string, values []float32, g Grid) float64 {
	t.Helper()
	m, err := ParseMethod(method)
	if err != nil {
		t.Fatal(err)
	}
	return m.clip(distributionOf(values), g, m.Param)
}

// squaredLoss is the loss of rounding values, computed without a histogram.
func squaredLoss(values []float32, clip float64, g Grid) float64 {
	sum := 0.0
	for _, v := range values {
		sum += math.Pow(represented(math.Abs(float64(v)), g.Threshold(clip), g)-math.Abs(float64(v)), 2)
	}
	return sum
}

func TestMSEFindsTheLeastLoss(t *testing.T) {
	t.Parallel()
	values := halfNormal(20000, 1)
	for _, g := range []Grid{{1, 1, 1}, {3, 1, 1}, {15, 1, 1}, {255, 1, 1}, {3, 4, 1}, {3, 2, 4}, {3, 4, 2}} {
		got := clipOf(t, "mse", values, g)
		least := math.Inf(1)
		for i := 1; i <= 400; i++ {
			least = min(least, squaredLoss(values, float64(largest(values))*float64(i)/400, g))
		}
		if loss := squaredLoss(values, got, g); loss > 1.04*least {
			t.Errorf("%+v: clip %v loses %v, the best loses %v", g, got, loss, least)
		}
	}
}

func TestLossAgreesWithTheValues(t *testing.T) {
	t.Parallel()
	values := halfNormal(20000, 2)
	for _, g := range []Grid{{1, 1, 1}, {15, 1, 1}, {255, 1, 1}, {3, 4, 2}} {
		for _, clip := range []float64{0.5, 2, 6} {
			rounding, clipping := distributionOf(values).loss(g.quantiser(clip))
			if want := squaredLoss(values, clip, g); math.Abs(rounding+clipping-want) > 0.02*want {
				t.Errorf("%+v, clip %v: loss %v + %v, want %v", g, clip, rounding, clipping, want)
			}
			if (clipping == 0) != (clip == 6) {
				t.Errorf("%+v, clip %v: clipping loses %v", g, clip, clipping)
			}
		}
	}
}

func TestEnergyAgreesWithTheValues(t *testing.T) {
	t.Parallel()
	values := halfNormal(20000, 3)
	want := 0.0
	for _, v := range values {
		want += float64(v) * float64(v)
	}
	if got := distributionOf(values).energy(); math.Abs(got-want) > 1e-3*want {
		t.Errorf("energy %v, want %v", got, want)
	}
}

func TestPercentile(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 3000).Draw(t, "n")
		values := halfNormal(n, rapid.Uint64().Draw(t, "seed"))
		percent := rapid.Float64Range(60, 100).Draw(t, "percent")
		d := distributionOf(values)
		if d.max == 0 {
			return
		}
		got := percentile(d, Grid{}, percent)
		slices.Sort(values)
		// The rank lies between two values, and a value anywhere in its bin.
		at := percent / 100 * float64(n)
		low := values[min(max(int(math.Ceil(at))-1, 0), n-1)]
		high := values[min(int(at), n-1)]
		if low == 0 {
			low, high = 0, values[slices.IndexFunc(values, func(v float32) bool { return v > 0 })]
		}
		if got <= 0 || got < float64(low)-d.width || got > float64(high)+d.width || got > d.max {
			t.Fatalf("percentile %v of %d values is %v, want %v to %v", percent, n, got, low, high)
		}
	})
}

func TestMaxTakesTheLargestMagnitude(t *testing.T) {
	t.Parallel()
	if got := clipOf(t, "max", []float32{0, 1, -3.25, 2}, Grid{15, 1, 1}); got != 3.25 {
		t.Errorf("clip %v, want 3.25", got)
	}
}

func TestKLCutsOutliersOff(t *testing.T) {
	t.Parallel()
	values := append(halfNormal(100000, 4), 40)
	coarse := clipOf(t, "kl", values, Grid{15, 1, 1})
	if coarse < 1.5 || coarse > 8 {
		t.Errorf("clip %v of a unit bell with an outlier at 40", coarse)
	}
	if fine := clipOf(t, "kl", values, Grid{4095, 1, 1}); fine != 40 {
		t.Errorf("clip %v with more levels than bins, want the largest value", fine)
	}
}

func TestKLOfFlatValuesKeepsTheRange(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 0))
	values := make([]float32, 200000)
	for i := range values {
		values[i] = r.Float32()
	}
	if got := clipOf(t, "kl", values, Grid{15, 1, 1}); got < 0.95 {
		t.Errorf("clip %v of values spread evenly up to 1", got)
	}
}

func TestParseMethod(t *testing.T) {
	t.Parallel()
	for _, m := range Methods {
		got, err := ParseMethod(m.String())
		if err != nil || got.Name != m.Name || got.Param != m.Param {
			t.Errorf("ParseMethod(%q) = %v, %v", m, got, err)
		}
	}
	if m, err := ParseMethod("percentile:99.99"); err != nil || m.Param != 99.99 || m.String() != "percentile:99.99" {
		t.Errorf("percentile:99.99 became %v, %v", m, err)
	}
	for in, want := range map[string]string{
		"median":         "try one of corr, kl, ltb, max, mse, percentile",
		"":               "no method",
		"max:3":          "takes no parameter",
		"percentile:":    "from 1 to 100",
		"percentile:101": "from 1 to 100",
		"percentile:nan": "from 1 to 100",
	} {
		if _, err := ParseMethod(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseMethod(%q): error %v, want %q", in, err, want)
		}
	}
	if !slices.IsSortedFunc(Methods, func(a, b Method) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("Methods is not sorted")
	}
}

// TestMethodsOfOthers: a method that was put together elsewhere is an error wherever it
// would be used, and so are statistics that were not checked.
func TestMethodsOfOthers(t *testing.T) {
	t.Parallel()
	m, g := Method{Name: "mine"}, Grid{Max: 15, Steps: 1, Rho: 1}
	if _, err := new(Stats).Choose(m, g, true, 1<<20); err == nil || !strings.Contains(err.Error(), "none of Methods") {
		t.Errorf("Choose: %v", err)
	}
	if _, err := m.Fit(context.Background(), g, []float32{1}, []float32{1}, 1, 1, true, 1); err == nil || !strings.Contains(err.Error(), "none of Methods") {
		t.Errorf("Fit: %v", err)
	}
	if _, err := maxMethod.Fit(context.Background(), g, []float32{1}, []float32{1}, 1, 1, true, 1); err == nil || !strings.Contains(err.Error(), "does not fit") {
		t.Errorf("Fit by max: %v", err)
	}
	if _, err := new(Stats).Choose(maxMethod, g, true, 1<<20); err == nil || !strings.Contains(err.Error(), "statistics") {
		t.Errorf("statistics of nothing: %v", err)
	}
}
