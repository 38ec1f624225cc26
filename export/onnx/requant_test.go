package onnx

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestRequantiser compares with the neuron's rule on sums of all sizes.
func TestRequantiser(t *testing.T) {
	found := 0
	rapid.Check(t, func(t *rapid.T) {
		theta := rapid.Int32Range(1, 1<<rapid.IntRange(1, 16).Draw(t, "size")).Draw(t, "theta")
		most := rapid.SampledFrom([]int{1, 3, 15, 127, 254, 255}).Draw(t, "most")
		r, ok := newRequantiser(theta, most)
		if !ok {
			t.Skip("no scale")
		}
		found++
		at := rapid.Int64Range(-2, int64(most)+2).Draw(t, "level")*int64(theta) + rapid.Int64Range(-1<<17, 1<<17).Draw(t, "sum")
		for sum := at - 4; sum < at+4; sum++ {
			want := max(0, min(math.Floor(float64(sum+int64(theta/2))/float64(theta)), float64(most)))
			if got := max(0, min(r.apply(sum), float64(most))); got != want {
				t.Fatalf("theta %d, sum %d: level %v, want %v", theta, sum, got, want)
			}
		}
	})
	if found == 0 {
		t.Error("no threshold has a scale")
	}
}

// TestRequantiserReach: up to which thresholds every one has a scale.
func TestRequantiserReach(t *testing.T) {
	for most, reach := range map[int]int32{15: 20000, 255: 4000} {
		for theta := int32(1); theta <= reach; theta += 1 + theta/50 {
			if _, ok := newRequantiser(theta, most); !ok {
				t.Errorf("theta %d with %d levels has no scale", theta, most)
			}
		}
	}
}
