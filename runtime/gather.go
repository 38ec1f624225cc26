package runtime

import "ann2snn/internal/kernels"

// gather moves elements.
type gather[S number] struct {
	index []int32
}

func (g *gather[S]) step(dst []S, in [][]S, _ *moment[S]) {
	kernels.SpikeGather(dst, in[0], g.index)
}
