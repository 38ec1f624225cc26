package calibrate

import (
	"iter"
	"math"
)

// corrMethod is made for networks whose weights are fitted to the spikes that they read. The
// layer behind scales and shifts its inputs as it needs, so that an error counts only as far
// as it is not linear in the output of the neurons. That part is least where the correlation
// is largest.
var corrMethod = Method{
	Name:    "corr",
	Summary: "the largest correlation of the output with the value it stands for: made for fitted weights",
	clip: func(d *distribution, g Grid, _ float64) float64 {
		return candidate(d.max, func(clip, _ float64) float64 {
			q := g.quantiser(clip)
			m := moments{n: d.zeros}
			for x, n := range d.points() {
				m.add(q.round(x), x, n)
			}
			return m.unexplained()
		})
	},
	fit: func(p pairs, g Grid, _ float64) float64 {
		return candidate(p.largest(), func(clip, _ float64) float64 {
			q := g.quantiser(clip)
			var m moments
			for i, x := range p.got {
				m.add(q.round(float64(x)), float64(p.want[i]), 1)
			}
			return m.unexplained()
		})
	},
}

// moments are sums over pairs y, x.
type moments struct{ n, y, x, yy, yx, xx float64 }

func (m *moments) add(y, x, n float64) {
	m.n += n
	m.y += n * y
	m.x += n * x
	m.yy += n * y * y
	m.yx += n * y * x
	m.xx += n * x * x
}

// unexplained returns the part of the variance of x that is not linear in y.
func (m *moments) unexplained() float64 {
	yy, yx, xx := m.yy-m.y*m.y/m.n, m.yx-m.y*m.x/m.n, m.xx-m.x*m.x/m.n
	if !(yy > 0 && xx > 0) {
		return 1
	}
	return 1 - yx*math.Abs(yx)/(yy*xx)
}

// binPoints is how many points stand for the values of a bin.
const binPoints = 4

// points yields values that stand for all but the zeros, each with the number of values that
// it stands for.
func (d *distribution) points() iter.Seq2[float64, float64] {
	return func(yield func(x, n float64) bool) {
		for i, n := range d.counts {
			for k := 0; n > 0 && k < binPoints; k++ {
				if !yield((float64(i)+(float64(k)+0.5)/binPoints)*d.width, n/binPoints) {
					return
				}
			}
		}
	}
}
