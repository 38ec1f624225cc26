package eval

import (
	"fmt"

	"ann2snn/snn"
)

// Restims lists the names of the modes of re-stimulation; a snn.Restim is an index.
var Restims = []string{"none", "signed", "refine", "waiting"}

// RestimName returns the name of a mode of re-stimulation.
func RestimName(r snn.Restim) string { return Restims[r] }

// FormatName writes the format of a spike as m.n.
func FormatName(f snn.Format) string { return fmt.Sprintf("%d.%d", f.M, f.N) }

// WeightsName returns the narrowest type that holds a network's weights, by its name in
// the command line.
func WeightsName(n *snn.Network) string {
	if !n.Integer {
		return "float32"
	}
	most := 0
	for _, l := range n.Layers {
		var q []int8
		switch op := l.Op.(type) {
		case snn.Conv:
			q = op.W.Q
		case snn.Dense:
			q = op.W.Q
		}
		for _, x := range q {
			most = max(most, int(x), -int(x))
		}
	}
	switch {
	case most <= 7:
		return "int4"
	case most <= 14:
		return "levels29"
	}
	return "int8"
}
