package calibrate

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// drawValues draws values over many orders of magnitude, zeros among them.
func drawValues(t *rapid.T) []float32 {
	one := rapid.Custom(func(t *rapid.T) float32 {
		if rapid.IntRange(0, 4).Draw(t, "zero") == 0 {
			return 0
		}
		scale := math.Ldexp(1, rapid.IntRange(-20, 20).Draw(t, "exponent"))
		return float32(scale * rapid.Float64Range(-1, 1).Draw(t, "mantissa"))
	})
	return rapid.SliceOfN(one, 1, 200).Draw(t, "values")
}

func largest(values []float32) float32 {
	m := float32(0)
	for _, v := range values {
		m = max(m, v, -v)
	}
	return m
}

func TestHistogramCountsAsIfTheRangeWereKnown(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values := drawValues(t)
		var h histogram
		for rest := values; len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "piece")
			h.grow(largest(rest[:n]))
			h.add(rest[:n], 0)
			h.add(rest[:n], 1)
			rest = rest[n:]
		}
		width := math.Ldexp(1, h.exp)
		if m := float64(largest(values)); m > 0 && (m >= numBins*width || m < numBins*width/2) {
			t.Fatalf("bins of %v do not suit values up to %v", width, m)
		}
		var want [2][numBins]uint32
		for _, v := range values {
			switch {
			case v > 0:
				want[0][int(float64(v)/width)]++
			case v < 0:
				want[1][int(-float64(v)/width)]++
			}
		}
		for side, counts := range h.side {
			if counts == nil {
				counts = make([]uint32, numBins)
			}
			if !slices.Equal(counts, want[side][:]) {
				t.Fatalf("side %d differs from counting with bins of %v", side, width)
			}
		}
	})
}

func TestPackRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values := drawValues(t)
		var h histogram
		h.grow(largest(values))
		h.add(values, 0)
		if rapid.Bool().Draw(t, "signed") {
			h.add(values, 1)
		}
		got, rest, err := unpack(append(h.pack(nil), 0xab))
		if err != nil || len(rest) != 1 || rest[0] != 0xab {
			t.Fatalf("unpack left %x, error %v", rest, err)
		}
		for i, want := range h.side {
			if !slices.Equal(got.side[i], want) {
				t.Fatalf("side %d differs", i)
			}
		}
		if !h.empty() && got.exp != h.exp {
			t.Fatalf("exponent %d, want %d", got.exp, h.exp)
		}
	})
}

func FuzzUnpack(f *testing.F) {
	var h histogram
	h.grow(3)
	h.add([]float32{3, 1, 0, -2}, 0)
	h.add([]float32{3, 1, 0, -2}, 1)
	f.Add(h.pack(nil))
	f.Add([]byte{1, 0, 0})
	f.Add([]byte{1, 0, 2, 0, 200})
	f.Add([]byte{3, 0x80})
	f.Fuzz(func(t *testing.T, b []byte) {
		h, rest, err := unpack(b)
		if err != nil {
			return
		}
		if len(rest) > len(b) {
			t.Fatal("more is left than there was")
		}
		for i, counts := range h.side {
			if counts != nil && len(counts) != numBins {
				t.Fatalf("side %d has %d bins", i, len(counts))
			}
		}
	})
}

func TestUnpackRefusesDamage(t *testing.T) {
	t.Parallel()
	tests := map[string][]byte{
		"nothing":               {},
		"a third side":          {4, 0},
		"no exponent":           {1},
		"exponent out of range": {1, 0xff, 0x7f, 1, 1},
		"no bins":               {1, 0, 0},
		"too many bins":         {1, 0, 0x81, 0x08, 1},
		"bins cut off":          {1, 0, 3, 1, 1},
		"too many zeros":        {1, 0, 3, 0, 3},
		"count of 33 bits":      {1, 0, 1, 0xff, 0xff, 0xff, 0xff, 0x1f},
	}
	for name, b := range tests {
		if _, _, err := unpack(b); err == nil {
			t.Errorf("%s: unpack took %x", name, b)
		}
	}
}

func TestJoinEqualsOneHistogram(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawValues(t), drawValues(t)
		joined := distributionOf(a)
		joined.join(distributionOf(b))
		want := distributionOf(slices.Concat(a, b))
		if !slices.Equal(joined.counts, want.counts) || joined.zeros != want.zeros || joined.max != want.max {
			t.Fatalf("joined %+v, want %+v", joined, want)
		}
		if want.max > 0 && joined.width != want.width {
			t.Fatalf("joined bins of %v, want %v", joined.width, want.width)
		}
	})
}

// distributionOf is the distribution of the magnitudes of values.
func distributionOf(values []float32) *distribution {
	var h histogram
	h.grow(largest(values))
	h.add(values, 0)
	h.add(values, 1)
	return h.magnitudes(uint64(len(values)), largest(values))
}
