package calibrate

import (
	"iter"
	"math"
)

var normMethod = Method{
	Name:    "norm",
	Summary: "the least mean of the error's given power: powers above 2 clip less than mse",
	Param:   2.4,
	Low:     1,
	High:    8,
	clip: func(d *distribution, g Grid, power float64) float64 {
		return candidate(d.max, func(clip, enough float64) float64 {
			q, sum := g.quantiser(clip), 0.0
			for x, n := range d.points() {
				if sum += n * math.Pow(math.Abs(q.round(x)-x), power); sum >= enough {
					break
				}
			}
			return sum
		})
	},
	fit: func(p pairs, g Grid, power float64) float64 {
		return candidate(p.largest(), func(clip, enough float64) float64 {
			q, sum := g.quantiser(clip), 0.0
			for i, x := range p.got {
				if sum += math.Pow(math.Abs(q.round(float64(x))-float64(p.want[i])), power); sum >= enough {
					break
				}
			}
			return sum
		})
	},
}

// binPoints is how many values stand for those of a bin.
const binPoints = 4

// points lists values that stand for all but the zeros, and of how many each takes the
// place.
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
