package calibrate

import (
	"math"
	"math/bits"
)

// numBins is the number of bins of a histogram.
const numBins = 1024

// histogram counts nonzero values by magnitude: bin i holds [i, i+1) * 2^exp. The bin
// width is the smallest power of two that covers the largest value seen, and growing
// merges bins pairwise, so the counts do not depend on the order of the values.
type histogram struct {
	exp  int
	side [2][]uint32 // of positive and of negative values; nil where there are none
}

// grow widens the bins until a finite magnitude fits; the values that need it must be
// added before grow is called again.
func (h *histogram) grow(magnitude float32) {
	if magnitude == 0 {
		return
	}
	exp := fit(magnitude)
	if h.empty() {
		h.exp = exp
	}
	if exp > h.exp {
		for _, counts := range h.side {
			merge(counts, exp-h.exp)
		}
		h.exp = exp
	}
}

// fit returns the exponent of the narrowest bins that cover a magnitude above 0.
func fit(magnitude float32) int {
	_, e := math.Frexp(float64(magnitude)) // magnitude < 2^e
	return e - bits.Len(numBins-1)
}

func (h *histogram) empty() bool { return h.side[0] == nil && h.side[1] == nil }

// merge joins each 2^times neighbouring bins.
func merge(counts []uint32, times int) {
	times = min(times, 31)
	for i, n := range counts {
		counts[i] = 0
		counts[i>>times] += n
	}
}

// add counts values of one sign; grow must have covered them. Zeros and values of the
// other sign are not counted.
func (h *histogram) add(values []float32, negative int) {
	sign := 1 - 2*float64(negative)
	perUnit := sign * math.Ldexp(1, -h.exp)
	counts := h.side[negative]
	for _, v := range values {
		at := float64(v) * perUnit
		if !(at > 0) {
			continue
		}
		if counts == nil {
			counts = make([]uint32, numBins)
			h.side[negative] = counts
		}
		counts[int(at)]++
	}
}

// distribution is a histogram of magnitudes, zeros apart: counts[i] of them lie in
// [i, i+1) * width.
type distribution struct {
	width  float64
	counts []float64
	zeros  float64
	max    float64
}

// magnitudes adds up both sides; count is the number of values, zeros included.
func (h *histogram) magnitudes(count uint64, largest float32) *distribution {
	d := &distribution{
		width:  math.Ldexp(1, h.exp),
		counts: make([]float64, numBins),
		zeros:  float64(count),
		max:    float64(largest),
	}
	for _, counts := range h.side {
		for i, n := range counts {
			d.counts[i] += float64(n)
			d.zeros -= float64(n)
		}
	}
	return d
}

// join adds e to d, widening the bins of either.
func (d *distribution) join(e *distribution) {
	d.zeros += e.zeros
	if e.max == 0 {
		return
	}
	if d.max == 0 {
		d.width = e.width
	}
	width := max(d.width, e.width)
	d.counts = rebin(make([]float64, numBins), d.counts, d.width/width)
	d.counts = rebin(d.counts, e.counts, e.width/width)
	d.width, d.max = width, max(d.max, e.max)
}

// rebin adds counts to dst, whose bins are wider by 1/ratio, a power of two.
func rebin(dst, counts []float64, ratio float64) []float64 {
	for i, n := range counts {
		dst[int(float64(i)*ratio)] += n
	}
	return dst
}

// total returns the number of values, zeros included.
func (d *distribution) total() float64 {
	n := d.zeros
	for _, c := range d.counts {
		n += c
	}
	return n
}

// energy returns the sum of the squares of the values, spread evenly over their bins.
func (d *distribution) energy() float64 {
	sum := 0.0
	for i, n := range d.counts {
		x := float64(i)
		sum += n * (x*x + x + 1.0/3)
	}
	return sum * d.width * d.width
}

// loss returns the sum of the squared errors of q over the values: by rounding those within
// its reach, and by clipping those beyond.
func (d *distribution) loss(q quantiser) (rounding, clipping float64) {
	reach, low, edge := q.reach(), 0.0, 0.0
	for i, n := range d.counts {
		if n == 0 {
			continue
		}
		from, to := float64(i)*d.width, float64(i+1)*d.width
		if edge != from {
			low = q.error(from)
		}
		high := q.error(to)
		switch density := n / d.width; {
		case to <= reach:
			rounding += density * (high - low)
		case from >= reach:
			clipping += density * (high - low)
		default:
			mid := q.error(reach)
			rounding += density * (mid - low)
			clipping += density * (high - mid)
		}
		low, edge = high, to
	}
	return rounding, clipping
}
