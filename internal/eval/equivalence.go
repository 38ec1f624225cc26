package eval

import "math"

// equivalenceBound is the difference, in points, that is taken for none.
const equivalenceBound = 0.5

// Equivalence says what samples show of a difference of accuracies.
type Equivalence struct {
	Bound   Percent `json:"bound"`   // in points, either way
	Verdict string  `json:"verdict"` // one of the constants below
	// Needed is about how many samples like these would settle whether the difference is within
	// the bound; absent where these do.
	Needed int `json:"samples_needed,omitempty"`
}

// Verdicts.
const (
	Different = "different"       // the interval of the difference does not hold 0
	Within    = "within"          // the interval holds 0, and lies within the bound
	TooFew    = "too few samples" // neither
)

// equivalence judges by the interval of pairedInterval, whose half width over n samples is
// z*sqrt((p-d*d)/n): p is the share of samples that one network alone gets right, and d the
// difference of the two networks. The interval lies within the bound once its half width is no
// more than bound-|d|, and leaves 0 out once it is less than |d|. So the wider of the two, h,
// settles the matter, with n = (p-d*d)*(z/h)^2 samples. The counts have the half samples of
// pairedInterval added, so that no disagreement among few samples is not taken for none at all.
func equivalence(gained, lost, total int) *Equivalence {
	n := float64(total) + 2
	p, d := (float64(gained+lost)+1)/n, float64(gained-lost)/n
	return judged(pairedInterval(gained, lost, total), d, p-d*d)
}

// judged judges a difference d by its interval; variance is that of a sample's.
func judged(interval [2]Percent, d, variance float64) *Equivalence {
	e := &Equivalence{Bound: equivalenceBound}
	switch low, high := interval[0], interval[1]; {
	case low > 0 || high < 0:
		e.Verdict = Different
	case low >= -equivalenceBound && high <= equivalenceBound:
		e.Verdict = Within
	default:
		e.Verdict = TooFew
		half := max(equivalenceBound/100-math.Abs(d), math.Abs(d))
		e.Needed = roundUp(variance * (z95 / half) * (z95 / half))
	}
	return e
}

// roundUp rounds up to two digits.
func roundUp(x float64) int {
	unit := math.Pow(10, max(0, math.Floor(math.Log10(x))-1))
	return int(math.Ceil(x/unit) * unit)
}
