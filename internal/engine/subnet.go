package engine

import (
	"slices"
	"strconv"

	"ann2snn/snn"
)

// Subnet says which layers of a network run.
type Subnet struct {
	Given  []int  // layers whose outputs are not computed: sessions are told them
	Wanted []int  // layers whose outputs stay until the end of a run
	Runs   []bool // by layer
}

// Whole is the subnetwork of all layers, for the readout.
func Whole(n *snn.Network) Subnet {
	return Subnet{Wanted: []int{n.Output}, Runs: slices.Repeat([]bool{true}, len(n.Layers))}
}

// Between is the subnetwork of the layers that the wanted ones depend on, down to the
// given ones.
func Between(n *snn.Network, given, wanted []int) (Subnet, error) {
	s := Subnet{Given: given, Wanted: wanted, Runs: make([]bool, len(n.Layers))}
	needed := make([]bool, len(n.Layers))
	for _, i := range slices.Concat(given, wanted) {
		if i < 0 || i >= len(needed) {
			return s, Fail("there is no layer "+strconv.Itoa(i), nil)
		}
	}
	for _, i := range wanted {
		needed[i] = true
	}
	for i := len(needed) - 1; i >= 0; i-- {
		if !needed[i] || slices.Contains(given, i) {
			continue
		}
		s.Runs[i] = true
		for _, from := range n.Layers[i].In {
			needed[from] = true
		}
	}
	return s, nil
}

// Layers lists the layers that run, in their order.
func (s *Subnet) Layers() []int {
	var list []int
	for i, runs := range s.Runs {
		if runs {
			list = append(list, i)
		}
	}
	return list
}

// Holds reports whether the output of a layer exists during a run.
func (s *Subnet) Holds(i int) bool { return s.Runs[i] || slices.Contains(s.Given, i) }

// Stays reports whether the output of a layer is there after a run.
func (s *Subnet) Stays(i int) bool { return slices.Contains(s.Wanted, i) }
