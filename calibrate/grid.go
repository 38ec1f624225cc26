package calibrate

import (
	"fmt"
	"math"
)

// Grid is the set of values that a neuron can stand for in units of its threshold:
// levels 0..Max per step (-Max..Max at a signed site) over Steps steps. With Rho 1 the
// steps share one scale and the value is their mean; with a larger Rho level t counts
// Rho^-(t-1) and the value is the sum (re-stimulation by refinement).
type Grid struct {
	Max   int `json:"max"`
	Steps int `json:"steps"`
	Rho   int `json:"rho"`
}

// The largest numbers in a Grid.
const (
	maxLevel  = 1<<16 - 1
	maxSteps  = 1 << 12
	maxRho    = 1 << 8
	maxLevels = 1 << 40 // over all steps
)

func (g Grid) check() error {
	if g.Max < 1 || g.Max > maxLevel || g.Steps < 1 || g.Steps > maxSteps || g.Rho < 1 || g.Rho > maxRho {
		return fmt.Errorf("calibrate: a grid of %d levels, %d steps and ratio %d is out of range", g.Max, g.Steps, g.Rho)
	}
	if g.levels() > maxLevels {
		return fmt.Errorf("calibrate: %d steps are too many for a ratio of %d", g.Steps, g.Rho)
	}
	return nil
}

// span returns the largest value over all steps, the largest of the first step being 1.
func (g Grid) span() float64 {
	sum, part := 1.0, 1.0
	for range g.refinements() {
		part /= float64(g.Rho)
		sum += part
	}
	return sum
}

// refinements returns the number of steps that refine the first one.
func (g Grid) refinements() int {
	if g.Rho == 1 {
		return 0
	}
	return g.Steps - 1
}

// levels returns the number of values above 0.
func (g Grid) levels() float64 {
	if g.Rho == 1 {
		return float64(g.Max) * float64(g.Steps)
	}
	return float64(g.Max) * g.span() * math.Pow(float64(g.Rho), float64(g.refinements()))
}

// Threshold returns the value of one level (in the first step, where steps differ) of a
// neuron whose largest value is clip.
func (g Grid) Threshold(clip float64) float64 { return clip / (float64(g.Max) * g.span()) }

// quantiser rounds magnitudes as a neuron with a constant input does: in stages, each of
// which rounds the remainder of the one before.
type quantiser struct{ stages []stage }

// stage rounds half up to multiples of step, at most most of them. half is the integral
// of the squared error, by all later stages, from 0 to step/2.
type stage struct{ step, most, half float64 }

// quantiser returns the rounding of a neuron whose largest value is clip.
func (g Grid) quantiser(clip float64) quantiser {
	stages := []stage{{step: g.Threshold(clip), most: float64(g.Max)}}
	if g.Rho == 1 {
		stages[0].step /= float64(g.Steps)
		stages[0].most *= float64(g.Steps)
	}
	for range g.refinements() {
		next := stages[len(stages)-1]
		next.step /= float64(g.Rho)
		stages = append(stages, next)
	}
	q := quantiser{stages}
	for i := len(stages) - 1; i >= 0; i-- {
		stages[i].half = q.from(i+1, stages[i].step/2)
	}
	return q
}

// error returns the integral of the squared error over magnitudes from 0 to x. A histogram's
// bins are wide against the steps of fine grids, so errors are integrated over a bin and
// not taken at its centre.
func (q quantiser) error(x float64) float64 { return q.from(0, x) }

// from returns the same for the stages from i on. It is odd in x: each stage adds the whole
// steps that it covers, and the remainder goes to the next stage with its sign.
func (q quantiser) from(i int, x float64) float64 {
	sum, sign := 0.0, 1.0
	for _, s := range q.stages[i:] {
		if x < 0 {
			sign, x = -sign, -x
		}
		k := min(math.Floor(x/s.step+0.5), s.most)
		sum += sign * 2 * k * s.half
		x -= k * s.step
	}
	return sum + sign*x*x*x/3
}

// reach returns the largest magnitude that is rounded and not clipped.
func (q quantiser) reach() float64 {
	sum := 0.0
	for _, s := range q.stages {
		sum += s.most * s.step
	}
	return sum + q.stages[len(q.stages)-1].step/2
}
