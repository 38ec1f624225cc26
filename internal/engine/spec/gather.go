package spec

import "ann2snn/internal/kernels/spike"

// gather moves elements.
type gather[S number] struct {
	index []int32
}

func (g *gather[S]) step(dst []S, in [][]S, _ *moment[S]) {
	spike.Gather(dst, in[0], g.index)
}
