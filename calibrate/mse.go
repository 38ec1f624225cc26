package calibrate

import "math"

var mseMethod = Method{
	Name:    "mse",
	Summary: "the least mean squared error of rounding and clipping",
	clip: func(d *distribution, g Grid, _ float64) float64 {
		return candidate(d.max, func(clip, _ float64) float64 {
			rounding, clipping := d.loss(g.quantiser(clip))
			return rounding + clipping
		})
	},
	fit: func(p pairs, g Grid, _ float64) float64 {
		return candidate(p.largest(), func(clip, enough float64) float64 { return p.loss(g.quantiser(clip), enough) })
	},
}

// The candidates, as parts of the largest value.
const (
	msePoints = 33
	mseLeast  = 0.04
)

// candidate returns, of evenly spaced clip values up to the largest value, the one with the
// least loss. Loss may stop adding at enough.
func candidate(largest float64, loss func(clip, enough float64) float64) float64 {
	best, least := largest, math.Inf(1)
	for i := range msePoints {
		clip := largest * (mseLeast + (1-mseLeast)*float64(i)/(msePoints-1))
		if l := loss(clip, least); l < least {
			best, least = clip, l
		}
	}
	return best
}
