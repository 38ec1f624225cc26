package eval

import (
	"fmt"

	"ann2snn/snn"
)

// Restims lists the names of the modes of re-stimulation; a snn.Restim is an index.
var Restims = []string{"none", "signed", "refine"}

// RestimName returns the name of a mode of re-stimulation.
func RestimName(r snn.Restim) string { return Restims[r] }

// FormatName writes the format of a spike as m.n.
func FormatName(f snn.Format) string { return fmt.Sprintf("%d.%d", f.M, f.N) }

// WeightsName returns the type of a network's weights.
func WeightsName(n *snn.Network) string {
	if n.Integer {
		return "int8"
	}
	return "float32"
}
