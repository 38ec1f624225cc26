package nir

import "ann2snn/snn"

// gather moves elements to a vector by a matrix of zeros and ones; the flattening of a
// map, which ONNX and NIR do in the same order, needs no matrix. There is no way back
// from a vector to a map.
func (g *graph) gather(op *snn.Gather) signal {
	in := g.in(0)
	out := signal{shape: g.layer.Shape, flat: true}
	if out.shape.H != 1 || out.shape.W != 1 {
		g.lose("elements of maps cannot be moved, NIR has no reshape, transpose, slice or pad", "a model without them")
		return out
	}
	pixels := in.shape.H * in.shape.W
	from := func(o int) int { // in C, H, W order
		i := int(op.Index[o])
		if i < 0 {
			return -1
		}
		return i%in.shape.C*pixels + i/in.shape.C
	}
	ordered := out.shape.C == in.shape.Len()
	for o := 0; o < out.shape.C && ordered; o++ {
		ordered = from(o) == o
	}
	vector := g.flatten("flat", in)
	if ordered {
		return vector
	}
	out = g.matrix("", vector, out, func(o, i int) float32 {
		if from(o) == i {
			return 1
		}
		return 0
	}, nothing)
	out.most = in.most
	return out
}
