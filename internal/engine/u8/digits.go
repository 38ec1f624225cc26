package u8

import (
	"ann2snn/internal/kernels/spike"
	"ann2snn/internal/kernels/u8"
)

// Values that do not fit a byte, such as the sums of a pool, are written as digits of
// base 256, balanced around 0: x = sum of (byte-128) * 256^k. A convolution of them is
// the sum of the convolutions of their digits.

const balanced = 128 // the byte of digit 0

// digits returns the store that the weighted layer i reads layer from in: that of its
// levels or, where they are wide, a new one with the maps of all digits of a step one
// after the other.
func (p *planner) digits(i, from int) int {
	in := &p.stores[from]
	if !in.wide {
		return from
	}
	n := 1
	for most := int64(127); most < p.Facts[from].Largest(); most = most<<8 + 127 {
		n++
	}
	s := store{shape: in.shape, zero: balanced, steps: in.steps * n}
	s.levels = u8.Map{Shape: in.shape}
	s.levels.Halo = p.haloBefore(i)
	to := p.between(s)
	p.add(i, &digitStage{from: from, to: to, digits: n}, []int{from}, to)
	return to
}

// digitStage writes integers as digits.
type digitStage struct{ from, to, digits int }

// digitJob is a digitStage of a session.
type digitJob struct {
	*digitStage
	e      *session
	values []int32
	halo   halo
}

func (s *digitStage) bind(e *session) job {
	return &digitJob{s, e, make([]int32, e.stores[s.from].shape.Len()), e.haloOf(s.to)}
}

func (j *digitJob) begin() { j.halo.clear() }

func (j *digitJob) parts() int { return 1 }

func (j *digitJob) run(*u8.Worker, int) {
	to := &j.e.stores[j.to]
	for step := range j.e.stores[j.from].steps {
		j.e.spread(j.values, j.from, step)
		for k := range j.digits {
			dst := j.e.levels(j.to)[(step*j.digits+k)*to.levels.Len():]
			width := to.shape.W * to.shape.C
			for y := range to.shape.H {
				splitDigits(dst[to.levels.Offset(y, 0):][:width], j.values[y*width:])
			}
		}
	}
}

// addDigitSums adds the stages that compute the currents of c, which reads digits, and
// that join them.
func (p *planner) addDigitSums(i int, c *conv, sums int) {
	to := &p.stores[sums]
	parts := p.between(store{shape: to.shape, wide: true, stride: to.stride, lanes: to.lanes, steps: p.stores[c.in].steps})
	to = &p.stores[sums]
	join := &joinStage{from: parts, to: sums, bias: c.bias}
	zero := biases{first: c.PackBias(make([]int32, to.shape.C), balanced)}
	for _, b := range [][]int32{join.bias.first, join.bias.later} {
		for lane := range b {
			b[lane] -= zero.first[lane]
		}
	}
	c.bias = zero
	p.add(i, &sumsStage{conv: c, out: parts}, []int{c.in}, parts)
	p.add(i, join, []int{parts}, sums)
}

// joinStage adds up the currents of digits and the biases.
type joinStage struct {
	from, to int
	bias     biases
}

// joinJob is a joinStage of a session.
type joinJob struct {
	*joinStage
	dst, src []int32
	e        *session
}

func (s *joinStage) bind(e *session) job {
	return &joinJob{s, e.integers(s.to), e.integers(s.from), e}
}

func (j *joinJob) begin() {}

func (j *joinJob) parts() int { return 1 }

func (j *joinJob) run(*u8.Worker, int) {
	to, from := &j.e.stores[j.to], &j.e.stores[j.from]
	digits := from.steps / to.steps
	for step := range to.steps {
		dst := j.dst[step*to.size():][:to.size()]
		spike.FillRows(dst, j.bias.at(step))
		for k := range digits {
			for i, x := range j.src[(step*digits+k)*to.size():][:to.size()] {
				dst[i] += x << (8 * k)
			}
		}
	}
}

// splitDigits takes the lowest digit off some values.
func splitDigits(dst []uint8, values []int32) {
	values = values[:len(dst)]
	for i, x := range values {
		digit := int32(int8(x)) // balanced
		dst[i] = uint8(digit + balanced)
		values[i] = (x - digit) >> 8
	}
}
