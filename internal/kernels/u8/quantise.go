package u8

import "math"

// Quantiser rounds real numbers x to levels floor(x/scale + 1/2), computed in float64 and
// clipped to -most..most, and stores them as bytes: level plus most.
//
// Division is slow. So x is multiplied by the inverse of the scale, and divided only where
// the product is so near to the border of two levels that its error might matter.
type Quantiser struct {
	scale, inverse, most float64
}

// Between these fractions of a level a product is on the same side of a border as the
// quotient.
const (
	surelyAbove = 1e-6
	surelyBelow = 1 - surelyAbove
)

// NewQuantiser returns a quantiser; scale is positive, most in 1..127.
func NewQuantiser(scale float64, most int32) *Quantiser {
	return &Quantiser{scale: scale, inverse: 1 / scale, most: float64(most)}
}

// Quantise sets dst to the levels of src, of the same length. It returns the index of the
// first number that is not finite, or -1.
func (w *Worker) Quantise(q *Quantiser, dst []uint8, src []float32) int {
	dst = dst[:len(src)]
	for at := 0; at < len(src); {
		if w.set.quantise != nil {
			at += w.set.quantise(q, dst[at:], src[at:])
		}
		end := min(at+8, len(src))
		if w.set.quantise == nil {
			end = len(src)
		}
		if bad := q.plain(dst[at:end], src[at:end]); bad >= 0 {
			return at + bad
		}
		at = end
	}
	return -1
}

// QuantisePixels sets dst to the levels of src, pixels of one number per quantiser. It
// returns the index of the first number that is not finite, or -1.
func QuantisePixels(q []*Quantiser, dst []uint8, src []float32) int {
	for from := 0; from < len(src); from += len(q) {
		for c := range q {
			if q[c].plain(dst[from+c:][:1], src[from+c:][:1]) >= 0 {
				return from + c
			}
		}
	}
	return -1
}

// plain is the specification of the kernels.
func (q *Quantiser) plain(dst []uint8, src []float32) (bad int) {
	shift, end := q.most+0.5, 2*q.most+1
	for i, x := range src {
		if y := float64(x)*q.inverse + shift; y >= 0 && y < end {
			k := int32(y)
			if rest := y - float64(k); rest >= surelyAbove && rest <= surelyBelow {
				dst[i] = uint8(k)
				continue
			}
		}
		if x-x != 0 { // NaN or infinite
			return i
		}
		level := math.Floor(float64(x)/q.scale + 0.5)
		dst[i] = uint8(max(-q.most, min(level, q.most)) + q.most)
	}
	return -1
}
