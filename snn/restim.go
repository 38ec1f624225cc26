package snn

import "strconv"

// Restim is how neurons are re-stimulated in later time steps; Network says what each
// mode does.
type Restim uint8

// The modes of re-stimulation.
const (
	RestimNone    Restim = iota // plain multi-bit rate coding, soft reset
	RestimSigned                // later spikes may take back what was over-fired
	RestimRefine                // later steps carry corrections on finer bit levels
	RestimWaiting               // neurons fire when all steps of their inputs have arrived
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
