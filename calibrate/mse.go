package calibrate

import "math"

// LeastSquares is the name of the method that weighs rounding against clipping.
const LeastSquares = "mse"

var mseMethod = Method{
	Name:    LeastSquares,
	Summary: "the least mean squared error of rounding and clipping",
	clip:    leastSquares,
}

// The candidates of leastSquares, as parts of the largest value.
const (
	msePoints = 33
	mseLeast  = 0.04
)

// leastSquares tries evenly spaced clip values up to the largest value.
func leastSquares(d *distribution, g Grid, _ float64) float64 {
	best, least := d.max, math.Inf(1)
	for i := range msePoints {
		clip := d.max * (mseLeast + (1-mseLeast)*float64(i)/(msePoints-1))
		rounding, clipping := d.loss(g.quantiser(clip))
		if rounding+clipping < least {
			best, least = clip, rounding+clipping
		}
	}
	return best
}
