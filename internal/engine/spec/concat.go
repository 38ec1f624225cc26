package spec

import (
	"ann2snn/internal/kernels/spike"
	"ann2snn/snn"
)

// concat joins maps along the channels.
type concat[S number] struct {
	width    int
	channels []int // of each input
}

func compileConcat[S number](n *snn.Network, l *snn.Layer) op[S] {
	c := &concat[S]{width: l.Shape.C}
	for _, from := range l.In {
		c.channels = append(c.channels, n.Layers[from].Shape.C)
	}
	return c
}

func (c *concat[S]) step(dst []S, in [][]S, _ *moment[S]) {
	offset := 0
	for k, src := range in {
		spike.Concat(dst, src, c.width, offset, c.channels[k])
		offset += c.channels[k]
	}
}
