package snn

import "strconv"

// Restim is how neurons are re-stimulated in later time steps.
type Restim uint8

// The modes of re-stimulation. Unless something else is said, the analog input drives every
// step, biases are added every step, and a value is the mean over the steps of level*scale.
const (
	// RestimNone is plain multi-bit rate coding with soft reset.
	RestimNone Restim = iota

	// RestimSigned is RestimNone with spikes of negative levels, which take back what
	// neurons emitted too much.
	RestimSigned

	// RestimRefine lets later steps carry corrections on finer bit levels. Input and biases
	// drive step 1 only; a level of step t (from 1) is worth scale*Rho^-(t-1), and a value is
	// the sum over the steps. Currents and membrane potentials are in units of the step: a
	// potential is multiplied by Rho, then the step's current is added, and the threshold
	// never changes.
	RestimRefine

	// RestimWaiting lets neurons fire when all steps of their inputs have arrived: the steps
	// are a layer's own. Its neurons gain the currents of all Steps steps, then fire in Steps
	// steps, which are those of the layers behind it. The membrane potential v, which starts
	// at half a threshold, is rounded once, to n = floor(v/threshold) held to 0..Steps*Q
	// (-Steps*Q..Steps*Q if Signed), and each step emits the part of n not yet emitted, held
	// to -Q..Q. Other activations f round Steps*f(v/Steps), v starting at 0, to the nearest n.
	RestimWaiting
)

// restimNames has the name of every mode, as commands and reports write it.
var restimNames = [...]string{
	RestimNone:    "none",
	RestimSigned:  "signed",
	RestimRefine:  "refine",
	RestimWaiting: "waiting",
}

// String returns the name of a mode.
func (r Restim) String() string { return nameOf(restimNames[:], int(r)) }

// Restims lists the modes of re-stimulation.
func Restims() []Restim {
	all := make([]Restim, len(restimNames))
	for i := range all {
		all[i] = Restim(i)
	}
	return all
}

// Known reports whether r is one of the modes.
func (r Restim) Known() bool { return int(r) < len(restimNames) }

// nameOf returns name i of a table, or for values that have none the number.
func nameOf(names []string, i int) string {
	if i < len(names) {
		return names[i]
	}
	return "unknown (" + strconv.Itoa(i) + ")"
}
