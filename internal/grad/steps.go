package grad

import "math"

// firing is the state of a layer's neurons between the steps.
type firing struct {
	membrane []float32
	emitted  []float32 // levels so far, in units of the step
}

// begin resets the state of n elements.
func (f *firing) begin(n *neuron, elements int) {
	f.membrane, f.emitted = zeroed(f.membrane, elements), zeroed(f.emitted, elements)
	if n.integrates && !n.refines {
		for i := range f.membrane {
			f.membrane[i] = n.threshold(i) / 2
		}
	}
}

// step adds the current of a step (from 0) to the potentials and sets dst to the values of
// the levels emitted, in units of the step. The rules are those of package engine/spec.
func (n *neuron) step(dst, current []float32, f *firing, t, channels int) {
	if !n.integrates {
		n.increment(dst, current, f, t, channels)
		return
	}
	half := float32(0)
	if n.refines {
		half = 0.5
	}
	at := 0
	for i, x := range current {
		theta := n.theta[at]
		v := float32(n.rho*f.membrane[i]) + x
		before := n.rho * f.emitted[i]
		low := float32(0)
		switch {
		case n.signed:
			low = -n.q
		case n.takesBack:
			low = -min(n.q, before)
		}
		k := max(low, min(floor(v/theta+half), n.q))
		dst[i] = k * theta
		f.membrane[i], f.emitted[i] = v-dst[i], min(before+k, manyLevels)
		if at++; at == len(n.theta) {
			at = 0
		}
	}
}

// manyLevels is where running totals stop counting: they matter below the largest level only.
const manyLevels = 1 << 20

// increment is step for activations that do not integrate: neurons emit how far the rounded
// value of the activation is ahead of what they have emitted.
func (n *neuron) increment(dst, current []float32, f *firing, t, channels int) {
	span := float64(t + 1)
	if n.refines {
		span = math.Pow(float64(n.rho), float64(t))
	}
	for i, x := range current {
		theta := n.threshold(i)
		f.membrane[i] = float32(n.rho*f.membrane[i]) + x
		before := n.rho * f.emitted[i]
		y := n.curve.At(float64(f.membrane[i])/span, i%channels) * span
		k := float32(math.Floor(y/float64(theta)+0.5)) - before
		k = max(-n.q, min(k, n.q))
		dst[i], f.emitted[i] = k*theta, before+k
	}
}
