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

// Waits reports whether neurons fire only after all steps of their inputs. With a single
// step all modes are the same.
func (n *Network) Waits() bool { return n.Restim == RestimWaiting && n.Steps > 1 }

// Latency is the number of time steps from the first input to the complete answer. A spike
// arrives in the step in which it is emitted, so that it is Steps, unless neurons wait:
// then a layer of neurons emits its first spike when its inputs emit their last one, and
// every such layer on the longest way to the output adds Steps-1.
func (n *Network) Latency() int {
	if !n.Waits() {
		return n.Steps
	}
	depth := make([]int, len(n.Layers))
	for i := range n.Layers {
		for _, from := range n.Layers[i].In {
			depth[i] = max(depth[i], depth[from])
		}
		if n.Layers[i].Neuron != nil {
			depth[i]++
		}
	}
	return n.Steps + depth[n.Output]*(n.Steps-1)
}
