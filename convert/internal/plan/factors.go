package plan

import (
	"slices"

	"ann2snn/snn"
)

// Repeat repeats values until there are n; none means 1.
func Repeat(values []float32, n int) []float32 {
	if len(values) == 0 {
		values = []float32{1}
	}
	return slices.Repeat(values, n/len(values))
}

// Condense drops the repetitions of elements in H, W, C order: the result has one entry,
// one per channel or one per element.
func Condense(values []float32, channels int) []float32 {
	for i, x := range values {
		if x != values[i%channels] {
			return values
		}
	}
	if slices.Min(values[:channels]) == slices.Max(values[:channels]) {
		return values[:1]
	}
	return values[:channels]
}

// Multiply multiplies factors of a map elementwise, each with 1, C or H*W*C entries (no
// entry means 1).
func Multiply(a, b []float32, s snn.Shape) []float32 {
	n := max(len(a), len(b), 1)
	out := slices.Repeat([]float32{1}, n)
	for _, factor := range [][]float32{a, b} {
		for i := range out {
			if len(factor) > 0 {
				out[i] *= factor[i%len(factor)]
			}
		}
	}
	if n == s.Len() {
		return Condense(out, s.C)
	}
	return out
}

// plus adds elementwise; the shorter list repeats, and none means 0.
func plus(a, b []float32) []float32 {
	out := make([]float32, max(len(a), len(b)))
	for _, term := range [][]float32{a, b} {
		for i := range out {
			if len(term) > 0 {
				out[i] += term[i%len(term)]
			}
		}
	}
	return out
}
