package calibrate

import "math"

// ltbMethod balances thresholds locally, as T. Bu et al., "Inference-Scale Complexity in
// ANN-SNN Conversion" (arXiv 2409.03368) do: from the largest value they follow the
// squared error of the layer downwards. Their steps have a rate; these go to the least
// error that is possible while no value changes its level.
var ltbMethod = Method{
	Name:    "ltb",
	Summary: "local threshold balancing: from the largest value down to where the squared error is least nearby",
	clip: func(d *distribution, g Grid, _ float64) float64 {
		return g.balance(d.max, func(q quantiser) (cross, square float64) {
			for x, n := range d.points() {
				y := q.round(x)
				cross, square = cross+n*x*y, square+n*y*y
			}
			return cross, square
		})
	},
	fit: func(p pairs, g Grid, _ float64) float64 {
		return g.balance(p.largest(), func(q quantiser) (cross, square float64) {
			for i, x := range p.got {
				y := q.round(float64(x))
				cross, square = cross+y*float64(p.want[i]), square+y*y
			}
			return cross, square
		})
	},
}

const (
	ltbRounds    = 50
	ltbPrecision = 1e-4 // change of a clip value, as a part of it, that ends the search
)

// balance scales a clip value by the factor that brings the rounded values y nearest to
// those they stand for, x, and repeats that with the levels that the new clip value makes.
// Moments returns the sums of x*y and y*y.
func (g Grid) balance(clip float64, moments func(quantiser) (cross, square float64)) float64 {
	for range ltbRounds {
		cross, square := moments(g.quantiser(clip))
		if !(cross > 0 && square > 0) { // there is no better scale
			break
		}
		factor := cross / square
		clip *= factor
		if math.Abs(factor-1) < ltbPrecision {
			break
		}
	}
	return clip
}
