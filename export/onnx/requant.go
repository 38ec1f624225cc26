package onnx

import "math"

// requantiser is how an integer kernel makes levels of a sum of products: it multiplies
// the sum plus shift by scale, in float32, and rounds to nearest, ties to even.
type requantiser struct {
	scale float32
	shift int32
}

// apply is what the kernel does, but for holding the level to a byte.
func (r requantiser) apply(sum int64) float64 {
	return math.RoundToEven(float64(float32(sum+int64(r.shift)) * r.scale))
}

// newRequantiser finds one that gives floor((sum+theta/2)/theta), theta/2 rounded down,
// as far as levels lie between 0 and most; below and above, its levels do too.
//
// An odd theta has no ties, and the scale is 1/theta. Where theta is even, ties have to
// go up: a scale slightly above 1/theta does it, or one slightly below with a shift. A
// rounded product grows with the sum, so it is enough to look at the sums at which a level
// begins, and at those before.
func newRequantiser(theta int32, most int) (requantiser, bool) {
	for _, shift := range []int32{0, 1} {
		for _, ulps := range []int{0, 1, 2, 3, 4, 6, 8, -1, -2, -3, -4, -6, -8} {
			r := requantiser{scale: step32(1/float32(theta), ulps), shift: shift}
			if r.fits(theta, most) {
				return r, true
			}
		}
	}
	return requantiser{}, false
}

func (r requantiser) fits(theta int32, most int) bool {
	for k := range most {
		begin := int64(k+1)*int64(theta) - int64(theta/2)
		if r.apply(begin-1) != float64(k) || r.apply(begin) != float64(k+1) {
			return false
		}
	}
	return true
}

// step32 returns the float32 that is some steps above the positive x, or below.
func step32(x float32, steps int) float32 {
	return math.Float32frombits(uint32(int(math.Float32bits(x)) + steps))
}
