package c99

import (
	"math"
	"math/bits"

	"ann2snn/snn"
)

// scores are factors that bring the elements of the output to one unit of 2^exponent:
// one for each of them, or one for all.
type scores struct {
	factors  []int64
	exponent int
}

// scoresOf takes the values of a level or unit apart, which are floating-point numbers of
// 24 bits, so that scores are exact. Where products might be beyond 63 bits, the smallest
// factors are rounded.
func scoresOf(n *snn.Network, most int64) scores {
	l := &n.Layers[n.Output]
	values := l.LevelValue()
	if len(values) == 0 {
		values = []float32{1}
	}
	const digits = 24
	lowest, highest := math.MaxInt, math.MinInt
	for _, v := range values {
		_, e := math.Frexp(float64(v))
		lowest, highest = min(lowest, e-digits), max(highest, e-digits)
	}
	room := 62 - digits - bits.Len64(uint64(most)) // for the factors' exponents
	s := scores{exponent: max(lowest, highest-room)}
	for _, v := range values {
		s.factors = append(s.factors, int64(math.Round(math.Ldexp(float64(v), -s.exponent))))
	}
	if len(values) > 1 {
		for len(s.factors) < l.Shape.Len() {
			s.factors = append(s.factors, s.factors[:len(values)]...)
		}
	}
	s.shorten()
	return s
}

// shorten drops factors that are all the same and powers of two that are in all.
func (s *scores) shorten() {
	all := int64(0)
	same := true
	for _, f := range s.factors {
		all |= f
		same = same && f == s.factors[0]
	}
	if same {
		s.factors = s.factors[:1]
	}
	if all == 0 {
		return
	}
	shift := bits.TrailingZeros64(uint64(all))
	s.exponent += shift
	for i := range s.factors {
		s.factors[i] >>= shift
	}
}
