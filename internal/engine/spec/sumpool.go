package spec

import (
	"ann2snn/internal/kernels/spike"
	"ann2snn/snn"
)

// pool is the geometry of a pool.
type pool struct {
	in, out snn.Shape
	window  snn.Window
}

func poolOf(n *snn.Network, l *snn.Layer, w snn.Window) pool {
	return pool{n.Layers[l.In[0]].Shape, l.Shape, w}
}

// sumPool adds levels.
type sumPool[S number] struct{ pool }

func compileSumPool[S number](n *snn.Network, l *snn.Layer, o *snn.SumPool) op[S] {
	return &sumPool[S]{poolOf(n, l, o.Window)}
}

func (p *sumPool[S]) step(dst []S, in [][]S, m *moment[S]) {
	spike.SumPool(dst, in[0], p.in, p.out, &p.window, m.watch)
}
