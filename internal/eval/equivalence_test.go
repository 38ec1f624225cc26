package eval

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestEquivalence(t *testing.T) {
	for _, test := range []struct {
		gained, lost, total int
		want                Equivalence
	}{
		{0, 0, 10000, Equivalence{0.5, Within, 0}},
		{1, 1, 1000, Equivalence{0.5, Within, 0}}, // -0.34 to +0.34
		{40, 60, 10000, Equivalence{0.5, Different, 0}},
		// By hand: p = 1/52, z = 1.959964, (z/0.005)^2 = 153658; p times that is 2955.
		{0, 0, 50, Equivalence{0.5, TooFew, 3000}},
		// p = 7/102, d = 2/102 = 1.96 points, wider than 0.5: (p - d^2) (z/d)^2 = 683.
		{4, 2, 100, Equivalence{0.5, TooFew, 690}},
		// p = 6/1002, d = 1/1002 = 0.1 points: (p - d^2) (z/0.004002)^2 = 1436.
		{3, 2, 1000, Equivalence{0.5, TooFew, 1500}},
		{12, 10, 1000, Equivalence{0.5, TooFew, 9800}},
	} {
		if got := equivalence(test.gained, test.lost, test.total); *got != test.want {
			t.Errorf("%d gained, %d lost of %d: %+v, want %+v", test.gained, test.lost, test.total, *got, test.want)
		}
	}
}

// TestEquivalenceSettles: the verdict is that of the interval, and as many samples as are
// needed would have another verdict, if they were like these.
func TestEquivalenceSettles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.IntRange(1, 20_000).Draw(t, "total")
		gained := rapid.IntRange(0, total/5).Draw(t, "gained")
		lost := rapid.IntRange(0, total/5).Draw(t, "lost")
		e, ci := equivalence(gained, lost, total), pairedInterval(gained, lost, total)
		different, within := ci[0] > 0 || ci[1] < 0, ci[0] >= -e.Bound && ci[1] <= e.Bound
		if (e.Verdict == Different) != different || (e.Verdict == Within) != (within && !different) {
			t.Fatalf("%q for an interval %v", e.Verdict, ci)
		}
		if e.Verdict != TooFew {
			return
		}
		if e.Needed <= total {
			t.Fatalf("%d samples are too few, %d would do", total, e.Needed)
		}
		if gained+lost < 30 {
			return // rounding to whole samples says more than their number
		}
		n, all := float64(total)+2, e.Needed+e.Needed/5
		share := func(count int) int {
			return int(math.Round((float64(count) + 0.5) / n * float64(all)))
		}
		if more := equivalence(share(gained), share(lost), all); more.Verdict == TooFew {
			t.Fatalf("%d gained, %d lost of %d need %d, which are too few too: %+v", gained, lost, total, e.Needed, *more)
		}
	})
}
