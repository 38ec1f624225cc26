package eval

import (
	"math"
	"strconv"
)

// Percent is a share of 100, or a difference of two in points; JSON holds two decimals. One that
// is not a number stands for none: text has a dash in its place, JSON leaves the field out.
type Percent float64

// NoPercent is the Percent that stands for none.
func NoPercent() Percent { return Percent(math.NaN()) }

// IsZero reports whether p stands for none, for the JSON option omitzero: 0 % is a share too.
func (p Percent) IsZero() bool { return math.IsNaN(float64(p)) }

// percentOf returns n out of total in percent; total must be positive.
func percentOf(n, total int) Percent { return Percent(100 * float64(n) / float64(total)) }

// String returns p with two decimals.
func (p Percent) String() string {
	if p.IsZero() {
		return "-"
	}
	s := strconv.FormatFloat(float64(p), 'f', 2, 64)
	if s == "-0.00" {
		return "0.00"
	}
	return s
}

// Signed is String for a difference: with its sign.
func (p Percent) Signed() string {
	s := p.String()
	if p > 0 && s != "0.00" {
		return "+" + s
	}
	return s
}

// MarshalJSON implements json.Marshaler.
func (p Percent) MarshalJSON() ([]byte, error) { return []byte(p.String()), nil }

// argmax returns the index of the largest score, the lowest one of equals.
func argmax(scores []float32) int {
	best := 0
	for i, s := range scores {
		if s > scores[best] {
			best = i
		}
	}
	return best
}

// rank returns how many scores come before that of class in falling order; equal
// scores stand in the order of their classes.
func rank(scores []float32, class int) int {
	before := 0
	for i, s := range scores {
		if s > scores[class] || s == scores[class] && i < class {
			before++
		}
	}
	return before
}

// z95 is how many standard deviations of a normal distribution hold 95 % of it.
const z95 = 1.959964

// ShareInterval returns the 95 % confidence interval of a share of which n out of total
// samples are an estimate: Wilson's score interval (Journal of the American Statistical
// Association 22, 1927), which is honest for few samples and for shares near 100 %.
func ShareInterval(n, total int) [2]Percent {
	const z = z95 // as the formula has it
	all, share := float64(total), float64(n)/float64(total)
	middle := share + z*z/(2*all)
	half := z * math.Sqrt(share*(1-share)/all+z*z/(4*all*all))
	scale := 100 / (1 + z*z/all)
	return [2]Percent{Percent(max(0, scale*(middle-half))), Percent(min(100, scale*(middle+half)))}
}

// pairedInterval returns the 95 % confidence interval, in points, of the difference
// between two accuracies measured on the same samples: gained samples only the second
// classifier got right, lost ones only the first. It is Wald's interval on the
// discordant counts with half a sample added to each of the four cells (Agresti and
// Min, Statistics in Medicine 24, 2005), which stays honest where few samples differ.
func pairedInterval(gained, lost, total int) [2]Percent {
	n := float64(total) + 2
	discordant, diff := float64(gained+lost)+1, float64(gained-lost)
	half := z95 * math.Sqrt(discordant-diff*diff/n) / n
	return [2]Percent{
		Percent(100 * max(-1, diff/n-half)),
		Percent(100 * min(1, diff/n+half)),
	}
}
