package eval

import (
	"math"
	"testing"
)

func TestROCArea(t *testing.T) {
	for name, test := range map[string]struct {
		scores []float32
		labels []int8
		want   float64 // below 0: none
	}{
		"one pair of four is wrong": {[]float32{0.1, 0.4, 0.35, 0.8}, []int8{0, 0, 1, 1}, 0.75},
		"all right":                 {[]float32{3, -1, 2, -2}, []int8{1, 0, 1, 0}, 1},
		"all wrong":                 {[]float32{3, -1, 2, -2}, []int8{0, 1, 0, 1}, 0},
		"equal scores":              {[]float32{1, 1, 1, 1}, []int8{0, 1, 1, 0}, 0.5},
		"some equal":                {[]float32{0, 1, 1, 2}, []int8{0, 0, 1, 1}, 0.875},
		"one class":                 {[]float32{0, 1}, []int8{1, 1}, -1},
	} {
		t.Run(name, func(t *testing.T) {
			got := rocArea(test.scores, test.labels)
			if (got == nil) != (test.want < 0) || got != nil && *got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// TestPixelClasses: 4 pixels of 2 classes, one of which the network takes for the other class.
func TestPixelClasses(t *testing.T) {
	reference := []float32{1, 1, 0, 0, 0, 0, 1, 1} // classes 0, 0, 1, 1, channels first
	out := []float32{1, 0, 0, 0, 0, 1, 1, 1}       // classes 0, 1, 1, 1
	first := &target{task: TaskPixels, channels: 2, pixels: 4}
	last := &target{task: TaskPixels, channels: 2, pixels: 4, channelsLast: true}
	turned := func(v []float32) []float32 {
		w := make([]float32, len(v))
		for i, x := range v {
			w[i%4*2+i/4] = x
		}
		return w
	}
	for name, test := range map[string]struct {
		*target
		out, reference []float32
	}{
		"channels first": {first, out, reference},
		"channels last":  {last, turned(out), turned(reference)},
	} {
		t.Run(name, func(t *testing.T) {
			o := test.newOverlap()
			a, err := test.judge(test.out, test.reference, -1, o)
			if err != nil || a.same != 3 {
				t.Fatalf("%d pixels are the same, want 3 (%v)", a.same, err)
			}
			// Class 0: 1 pixel of 2; class 1: 2 pixels of 3.
			if want := 100 * (1.0/2 + 2.0/3) / 2; math.Abs(float64(*o.mean())-want) > 1e-9 {
				t.Errorf("mIoU %v, want %v", *o.mean(), want)
			}
		})
	}
}

// TestVariation: each channel has a mean of its own.
func TestVariation(t *testing.T) {
	c := &target{channels: 2, pixels: 1}
	sums := make([]moments, 2)
	for _, out := range [][]float32{{1, 100}, {3, 104}} {
		c.addMoments(sums, out)
	}
	if got := variation(sums); got != 2*1+2*4 {
		t.Errorf("got %v, want 10", got)
	}
}
