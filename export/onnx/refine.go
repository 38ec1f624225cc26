package onnx

// refine is the neuron whose later steps carry corrections on finer bit levels: the
// membrane is multiplied by Rho, gains the current and emits the nearest number of
// levels. The sum of all levels never falls below 0, unless they may be negative.
type refine struct {
	integrator
	owed  string  // minus the sum of all levels, on the step's bit level
	bound float32 // of what is owed
}

func (r *refine) fire(current string, t int) string {
	x := r.plus("membrane", r.raise("raised", r.membrane), current)
	nearest := r.plus("nearest", x, r.half)
	var spikes string
	switch {
	case r.low < 0:
		spikes = r.held(nearest, r.low)
	case t == 1:
		spikes = r.held(nearest, 0)
		r.owed, r.bound = r.node("owed", "Neg", []string{spikes}), r.q
	default:
		owed := r.raise("raisedowed", r.owed)
		spikes = r.heldAbove(nearest, owed)
		r.owe(owed, spikes)
	}
	r.subtract(x, spikes, t)
	return spikes
}

// raise brings a number to the bit level of the next step.
func (r *refine) raise(name, x string) string {
	if x == "" || r.net.Rho == 1 {
		return x
	}
	return r.node(name, "Mul", []string{x, r.number(float32(r.net.Rho))})
}

// owe notes what may be taken back after spikes. Only whether it is more than q matters
// later, so it is held to a number far above that where it might leave float32's
// integers.
func (r *refine) owe(owed, spikes string) {
	r.owed = r.node("owed", "Sub", []string{owed, spikes})
	r.bound = r.bound*float32(r.net.Rho) + r.q
	if r.bound >= float32(r.exact) {
		r.owed = r.node("enough", "Max", []string{r.owed, r.number(-enough)})
		r.bound = enough
	}
}

// enough is where what is owed stops counting. From Q+1 on it stays above Q if Rho is 2
// or more; if Rho is 1 it cannot get this far.
const enough = 1 << 20
