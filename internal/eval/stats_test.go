package eval

import (
	"encoding/json"
	"math"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/runtime"
	"ann2snn/snn"
)

// TestIdleWorker: a worker that got no sample changes no count.
func TestIdleWorker(t *testing.T) {
	counted := runtime.LayerStats{Neurons: 144, Spikes: 93, Zeros: 195}
	c := comparison{workers: []*worker{{layers: []runtime.LayerStats{counted}}, {layers: make([]runtime.LayerStats, 1)}}}
	c.Network = &snn.Network{Layers: make([]snn.Layer, 1)}
	if got := c.layerStats()[0]; got != counted {
		t.Errorf("%+v, want %+v", got, counted)
	}
}

func TestArgmaxAndRank(t *testing.T) {
	inf := float32(math.Inf(-1))
	for _, test := range []struct {
		scores []float32
		class  int
		best   int
		rank   int
	}{
		{[]float32{3}, 0, 0, 0},
		{[]float32{1, 5, 2}, 2, 1, 1},
		{[]float32{7, 7, 7}, 0, 0, 0}, // equals stand in the order of their classes
		{[]float32{7, 7, 7}, 2, 0, 2},
		{[]float32{inf, inf, -1}, 1, 2, 2},
		{[]float32{9, 8, 7, 6, 5, 4}, 5, 0, 5},
	} {
		if got := argmax(test.scores); got != test.best {
			t.Errorf("argmax(%v) = %d, want %d", test.scores, got, test.best)
		}
		if got := rank(test.scores, test.class); got != test.rank {
			t.Errorf("rank(%v, %d) = %d, want %d", test.scores, test.class, got, test.rank)
		}
	}
}

// The class that argmax names is the one of rank 0, and ranks are a permutation.
func TestRanksAreAPermutation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scores := rapid.SliceOfN(rapid.Float32Range(-2, 2), 1, 20).Draw(t, "scores")
		for i := range scores {
			scores[i] = float32(math.Round(float64(scores[i]))) // many equals
		}
		seen := make([]bool, len(scores))
		for class := range scores {
			r := rank(scores, class)
			if seen[r] {
				t.Fatalf("two classes of %v have rank %d", scores, r)
			}
			seen[r] = true
			if (r == 0) != (argmax(scores) == class) {
				t.Fatalf("class %d of %v has rank %d, argmax is %d", class, scores, r, argmax(scores))
			}
		}
	})
}

func TestJudge(t *testing.T) {
	scores := []float32{6, 5, 4, 3, 2, 1}
	classes := &target{task: TaskClassification}
	for _, test := range []struct {
		label int
		want  answer
	}{
		{-1, answer{class: 0, same: 1}},
		{0, answer{class: 0, same: 1, top1: true, top5: true}},
		{4, answer{class: 0, same: 1, top5: true}},
		{5, answer{class: 0, same: 1}},
	} {
		if got, err := classes.judge(scores, scores, test.label, overlap{}); err != nil || got != test.want {
			t.Errorf("judge(label %d) = %+v, %v, want %+v", test.label, got, err, test.want)
		}
	}
	if _, err := classes.judge([]float32{1, float32(math.NaN())}, scores, 0, overlap{}); err == nil {
		t.Error("an output that is not a number is no answer")
	}
}

func TestPairedInterval(t *testing.T) {
	for _, test := range []struct {
		gained, lost, total int
		want                [2]float64
	}{
		// By hand: (diff -+ 1.959964 sqrt(gained+lost+1 - diff^2/(n+2))) / (n+2).
		{0, 0, 10000, [2]float64{-0.0196, 0.0196}},
		{40, 60, 10000, [2]float64{-0.3968, -0.0031}},
		{0, 1, 1, [2]float64{-100, 51.0099}},
		{10, 10, 100, [2]float64{-8.8055, 8.8055}},
	} {
		got := pairedInterval(test.gained, test.lost, test.total)
		for i := range got {
			if math.Abs(float64(got[i])-test.want[i]) > 1e-3 {
				t.Errorf("pairedInterval(%d, %d, %d) = %v, want %v", test.gained, test.lost, test.total, got, test.want)
				break
			}
		}
	}
}

func TestPairedIntervalHoldsTheDifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.IntRange(1, 100_000).Draw(t, "total")
		gained := rapid.IntRange(0, total).Draw(t, "gained")
		lost := rapid.IntRange(0, total-gained).Draw(t, "lost")
		delta := Percent(100 * float64(gained-lost) / float64(total))
		ci := pairedInterval(gained, lost, total)
		if !(ci[0] <= delta+1e-9 && delta-1e-9 <= ci[1] && ci[0] >= -100 && ci[1] <= 100 && ci[0] < ci[1]) {
			t.Fatalf("gained %d, lost %d of %d: %v does not suit a difference of %v", gained, lost, total, ci, delta)
		}
	})
}

func TestPercentHasTwoDecimals(t *testing.T) {
	got, err := json.Marshal([]Percent{91.7, 100, -0.0001, 0, -0.295001, 1.0 / 3})
	if want := `[91.70,100.00,0.00,0.00,-0.30,0.33]`; err != nil || string(got) != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
}

// TestShareInterval against published values of Wilson's interval.
func TestShareInterval(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		n, total  int
		low, high float64
	}{
		{81, 263, 25.53, 36.62}, {15, 148, 6.24, 16.05}, {0, 20, 0, 16.11}, {29, 29, 88.30, 100}, // Newcombe, Statistics in Medicine 17, 1998, table I
	} {
		got := ShareInterval(tt.n, tt.total)
		if math.Abs(float64(got[0])-tt.low) > 0.01 || math.Abs(float64(got[1])-tt.high) > 0.01 {
			t.Errorf("%d of %d: %v to %v, want %v to %v", tt.n, tt.total, got[0], got[1], tt.low, tt.high)
		}
	}
}
