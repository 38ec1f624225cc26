package nir

import (
	"ann2snn/internal/hdf5"
	"ann2snn/snn"
)

func (g *graph) dense(op *snn.Dense) signal {
	in := g.in(0)
	fan := in.shape.Len()
	out := signal{shape: g.layer.Shape, flat: true}
	return out.of(g.part("", "Affine", hdf5.Group{
		"weight": g.array([]int{out.shape.C, fan}, out.shape.C*fan, func(i int) float32 {
			return float32(op.W.Q[i/fan*fan+in.shape.ChannelsLast(i%fan)])
		}),
		"bias": g.array([]int{out.shape.C}, out.shape.C, func(o int) float32 { return g.bias(op.W.IntBias, o) }),
	}, g.flatten("flat", in)))
}

// flatten makes a map a vector of C*H*W elements.
func (g *graph) flatten(role string, in signal) signal {
	if in.flat {
		return in
	}
	out := signal{shape: snn.Shape{H: 1, W: 1, C: in.shape.Len()}, flat: true}
	most := in.most
	out = out.of(g.part(role, "Flatten", hdf5.Group{
		"start_dim":  hdf5.Int(0),
		"end_dim":    hdf5.Int(-1),
		"input_type": ints(in.dims()...),
	}, in))
	out.most = most
	return out
}

// matrix adds a product with a matrix, and a bias.
func (g *graph) matrix(role string, in, out signal, weight func(o, i int) float32, bias func(o int) float32) signal {
	rows, columns := out.shape.C, in.shape.C
	return out.of(g.part(role, "Affine", hdf5.Group{
		"weight": g.array([]int{rows, columns}, rows*columns, func(i int) float32 { return weight(i/columns, i%columns) }),
		"bias":   g.array([]int{rows}, rows, bias),
	}, in))
}
