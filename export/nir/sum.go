package nir

import (
	"strconv"

	"ann2snn/internal/hdf5"
	"ann2snn/snn"
)

func (g *graph) sum(op *snn.Sum) signal {
	out := signal{shape: g.layer.Shape}
	for k := range g.layer.In {
		out.flat = out.flat || g.in(k).flat
	}
	for k, factors := range op.Mult {
		role := strconv.Itoa(k + 1)
		in := g.in(k)
		if out.flat {
			in = g.flatten("flat"+role, in)
		}
		scale := g.array(out.dims(), out.shape.Len(), func(i int) float32 {
			return float32(factors[out.shape.ChannelsLast(i)%len(factors)])
		})
		out.sources = append(out.sources, g.part("term"+role, "Scale", hdf5.Group{"scale": scale}, in))
	}
	if op.IntBias == nil && !g.foldsStart() {
		return out
	}
	return g.shift(out, func(c int) float32 { return g.bias(op.IntBias, c) })
}

// shift adds a bias, which only weighted nodes have.
func (g *graph) shift(s signal, bias func(channel int) float32) signal {
	if !s.flat {
		return g.pointwise("bias", s, s.shape.C, func(_, _ int) float32 { return 1 }, bias)
	}
	return g.matrix("bias", s, s, func(o, i int) float32 {
		if o == i {
			return 1
		}
		return 0
	}, bias)
}
