package calibrate

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// numbered is a Source whose sample i holds the number i.
type numbered int

func (n numbered) Len() int { return int(n) }

func (n numbered) Sample(i int, dst []float32) (int, error) {
	dst[0] = float32(i)
	return i % 10, nil
}

func numbers(t *testing.T, s Source) []int {
	t.Helper()
	var out []int
	for i := range s.Len() {
		dst := make([]float32, 1)
		label, err := s.Sample(i, dst)
		if err != nil || label != int(dst[0])%10 {
			t.Fatalf("sample %d: label %d, error %v", i, label, err)
		}
		out = append(out, int(dst[0]))
	}
	return out
}

// TestDraw: what is drawn is what Pick draws, the rest is all else, in its order, and both know
// their samples by the names of their source.
func TestDraw(t *testing.T) {
	t.Parallel()
	drawn, rest := Draw(numbered(100), 7, 30)
	first, others := numbers(t, drawn), numbers(t, rest)
	if !slices.Equal(first, numbers(t, Pick(numbered(100), 7, 0, 30))) {
		t.Errorf("drawn %v", first)
	}
	if len(others) != 70 || !slices.IsSorted(others) || len(slices.Compact(slices.Sorted(slices.Values(slices.Concat(first, others))))) != 100 {
		t.Errorf("drawn %v, the rest %v", first, others)
	}
	for i, n := range first {
		if got, want := NameOf(Pick(drawn, 3, 0, 100), i), NameOf(drawn, Permutation(30, 3)[i]); got != want {
			t.Errorf("picked from what was drawn, sample %d is called %q, want %q", i, got, want)
		}
		if got, want := NameOf(drawn, i), NameOf(numbered(100), n); got != want {
			t.Errorf("sample %d is called %q, want %q", n, got, want)
		}
	}
}

func TestPickPermutes(t *testing.T) {
	t.Parallel()
	first := numbers(t, Pick(numbered(100), 7, 0, 60))
	rest := numbers(t, Pick(numbered(100), 7, 60, 1000))
	if len(first) != 60 || len(rest) != 40 {
		t.Fatalf("picked %d and %d of 100", len(first), len(rest))
	}
	all := slices.Sorted(slices.Values(slices.Concat(first, rest)))
	for i, n := range all {
		if n != i {
			t.Fatalf("sample %d is picked twice or never", i)
		}
	}
	if slices.IsSorted(first) {
		t.Error("samples are picked in their order")
	}
	if !slices.Equal(first, numbers(t, Pick(numbered(100), 7, 0, 60))) {
		t.Error("the same seed picks other samples")
	}
	if slices.Equal(first, numbers(t, Pick(numbered(100), 8, 0, 60))) {
		t.Error("another seed picks the same samples")
	}
	for _, s := range []Source{Pick(numbered(10), 1, 20, 5), Pick(numbered(0), 1, 0, 5), Pick(numbered(10), 1, -3, -5)} {
		if s.Len() != 0 {
			t.Errorf("picked %d samples where there are none", s.Len())
		}
	}
}

type broken struct{ numbered }

func (broken) Sample(int, []float32) (int, error) { return 0, errors.New("no such file") }

func TestPickNamesTheSample(t *testing.T) {
	t.Parallel()
	_, err := Pick(broken{1}, 1, 0, 1).Sample(0, nil)
	if err == nil || !strings.Contains(err.Error(), "sample 0: no such file") {
		t.Errorf("error %v", err)
	}
}

func TestSyntheticIsSmoothNoise(t *testing.T) {
	t.Parallel()
	for _, shape := range [][]int{{1, 3, 32, 32}, {1, 30, 20}, {1, 784}, {1, 2, 1, 500}} {
		size := 1
		for _, d := range shape {
			size *= d
		}
		s := Synthetic(shape, -2, 3, 4, 9)
		a, b, again := make([]float32, size), make([]float32, size), make([]float32, size)
		for i, dst := range [][]float32{a, b} {
			if label, err := s.Sample(i, dst); err != nil || label >= 0 {
				t.Fatalf("%v: label %d, error %v", shape, label, err)
			}
		}
		if _, err := s.Sample(0, again); err != nil || !slices.Equal(a, again) {
			t.Errorf("%v: the same sample differs, error %v", shape, err)
		}
		if slices.Equal(a, b) {
			t.Errorf("%v: two samples are equal", shape)
		}
		if slices.Min(a) != -2 || slices.Max(a) != 3 {
			t.Errorf("%v: range %v to %v, want -2 to 3", shape, slices.Min(a), slices.Max(a))
		}
		if rho := neighbours(a); rho < 0.5 {
			t.Errorf("%v: neighbours correlate by %v", shape, rho)
		}
	}
}

// neighbours is the correlation of consecutive elements.
func neighbours(v []float32) float64 {
	mean, n := 0.0, float64(len(v))
	for _, x := range v {
		mean += float64(x) / n
	}
	variance, covariance := 0.0, 0.0
	for i, x := range v[1:] {
		variance += (float64(x) - mean) * (float64(x) - mean)
		covariance += (float64(x) - mean) * (float64(v[i]) - mean)
	}
	return covariance / variance
}

func TestSyntheticRefusesOtherSizes(t *testing.T) {
	t.Parallel()
	if _, err := Synthetic([]int{1, 3, 4, 4}, 0, 1, 1, 0).Sample(0, make([]float32, 47)); err == nil {
		t.Error("a buffer of the wrong size was filled")
	}
}

// TestSplit: what is held back is not chosen from, is there where it can be, and is taken
// from beyond the chosen samples where there are as many.
func TestSplit(t *testing.T) {
	t.Parallel()
	tests := []struct{ have, wanted, chosen, held int }{
		{10_000, 256, 256, 32},
		{10_000, 1024, 1024, 128},
		{300, 256, 256, 32},
		{270, 256, 238, 32},
		{256, 256, 224, 32},
		{64, 256, 32, 32},
		{16, 256, 8, 8},
		{40, 8, 8, 32},
		{20, 8, 8, 12},
		{3, 256, 2, 1},
		{1, 256, 1, 0},
		{1024, 1024, 896, 128},
	}
	for _, tt := range tests {
		chosen, held := Split(numbered(tt.have), 3, tt.wanted)
		if chosen.Len() != tt.chosen || held.Len() != tt.held {
			t.Errorf("of %d samples, %d wanted: %d chosen and %d held back, want %d and %d",
				tt.have, tt.wanted, chosen.Len(), held.Len(), tt.chosen, tt.held)
		}
		both := slices.Concat(numbers(t, chosen), numbers(t, held))
		slices.Sort(both)
		if len(slices.Compact(both)) != tt.chosen+tt.held {
			t.Errorf("of %d samples, %d wanted: some are chosen and held back", tt.have, tt.wanted)
		}
	}
}
