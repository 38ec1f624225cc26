package fill

import (
	"fmt"
	"math"
	"slices"

	"ann2snn/convert/internal/plan"
	"ann2snn/snn"
)

// least is where functions with a pole at 0 start if nothing was calibrated: the smallest
// normal number.
const least = 0x1p-126

// domain returns the activation of neurons with the bound of its argument. A function with a
// pole at 0 starts at the argument whose value is the most extreme one that the calibration
// has seen: a membrane potential that rounding pushed past the pole stands for that value.
func (b *Builder) domain(n *plan.Neuron) (snn.Activation, error) {
	act := n.Act
	if act.Fn != snn.Log && (act.Fn != snn.Power || act.A > 0) {
		return act, nil
	}
	act.B = least
	if b.Profile == nil {
		return act, nil
	}
	stats, err := b.stats(n.Site)
	if err != nil {
		return act, err
	}
	low, high := slices.Min(stats.Min), slices.Max(stats.Max)
	if act.Fn == snn.Log {
		act.B = argument(math.Exp(float64(low)))
		return act, nil
	}
	if low < 0 {
		return act, fmt.Errorf("%q is the reciprocal of numbers below 0 or on both sides of it (its values go from %v to %v), and neurons follow only that of numbers above 0 (take the absolute value or a square first, or add a constant)", stats.Value, low, high)
	}
	act.B = argument(math.Pow(float64(high), 1/float64(act.A)))
	return act, nil
}

// argument rounds an argument to a float32 above 0.
func argument(x float64) float32 { return float32(max(least, min(x, math.MaxFloat32))) }
