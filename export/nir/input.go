package nir

import "ann2snn/internal/hdf5"

// input takes levels: the reader rounds, see statement.
func (g *graph) input() signal {
	s := signal{shape: g.layer.Shape, flat: g.layer.Shape.H == 1 && g.layer.Shape.W == 1}
	return s.of(g.add("input", "Input", hdf5.Group{"shape": ints(s.dims()...)}))
}
