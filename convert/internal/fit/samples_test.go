package fit

import (
	"math"
	"slices"
	"testing"

	"ann2snn/convert/internal/plan"
	"ann2snn/snn"
)

// TestPositions: where a map has more positions than are observed, a sample's are drawn
// without repetition, in order, and depend on the layer and the sample.
func TestPositions(t *testing.T) {
	t.Parallel()
	r := &run{options: Options{Seed: 7}, samples: make([]sample, 1000)}
	l := &plan.Layer{Index: 3, Shape: snn.Shape{H: 20, W: 20, C: 2}}
	per := r.perSample(l)
	if per < 1 || per*len(r.samples) < observedPositions || per >= 400 {
		t.Fatalf("%d positions of each of %d samples", per, len(r.samples))
	}
	all := map[int]bool{}
	for sample := range 100 {
		at := r.positions(l, sample)
		if len(at) != per || !slices.IsSorted(at) || len(slices.Compact(slices.Clone(at))) != per || at[0] < 0 || at[per-1] >= 400 {
			t.Fatalf("sample %d: positions %v", sample, at)
		}
		if !slices.Equal(at, r.positions(l, sample)) {
			t.Fatalf("sample %d: other positions the second time", sample)
		}
		for _, i := range at {
			all[i] = true
		}
	}
	if len(all) < 390 {
		t.Errorf("100 samples see %d of 400 positions", len(all))
	}
	other := *l
	other.Index = 4
	if slices.Equal(r.positions(l, 0), r.positions(&other, 0)) {
		t.Error("two layers have the same positions")
	}
	l.Shape = snn.Shape{H: 2, W: 3, C: 2}
	if got := r.positions(l, 5); !slices.Equal(got, []int{0, 1, 2, 3, 4, 5}) {
		t.Errorf("positions %v of a small map", got)
	}
}

// TestSample: a sample is what it was made of, to the bit, and pixels take half the memory.
func TestSample(t *testing.T) {
	t.Parallel()
	const n = 4000
	for _, values := range []int{1, 256, n / 4, n/4 + 1, n} {
		x := make([]float32, n)
		for i := range x {
			x[i] = (float32(i%values) - 7) / 3
		}
		x[0], x[1] = float32(math.Copysign(0, -1)), 0
		s := newSample(x)
		if packed := s.elements == nil; packed != (values < n/4) {
			t.Errorf("%d values: packed is %v", values, packed)
		}
		got := s.input(make([]float32, n))
		x[2] = 5 // the sample is a copy
		if len(got) != n || math.Signbit(float64(got[1])) || !math.Signbit(float64(got[0])) || slices.Equal(got, x) || !slices.Equal(got[3:], x[3:]) {
			t.Errorf("%d values: another sample", values)
		}
	}
}
