package eval

import (
	"fmt"
	"strconv"

	"ann2snn/snn"
)

// FormatName writes the format of a spike as m.n.
func FormatName(f snn.Format) string { return fmt.Sprintf("%d.%d", f.M, f.N) }

// WeightsName returns the narrowest type that holds a network's weights, by its name in
// the command line.
func WeightsName(n *snn.Network) string {
	if !n.Integer {
		return "float32"
	}
	most := 0
	for i := range n.Layers {
		w, _ := n.Layers[i].Weights()
		for _, x := range w.Q {
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

// Plural counts something by its name.
func Plural(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return strconv.Itoa(n) + " " + what
}
