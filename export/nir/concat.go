package nir

import "strconv"

// concat has no node in NIR: every input is put in its place among channels that are
// otherwise zero, and the edges add them up.
func (g *graph) concat() signal {
	out := signal{shape: g.layer.Shape, most: -1}
	for k := range g.layer.In {
		out.flat = out.flat || g.in(k).flat
	}
	offset := 0
	for k := range g.layer.In {
		role := strconv.Itoa(k + 1)
		in := g.in(k)
		at := offset
		weight := func(o, i int) float32 {
			if o == at+i {
				return 1
			}
			return 0
		}
		var placed signal
		if out.flat {
			placed = g.matrix("place"+role, g.flatten("flat"+role, in), out, weight, nothing)
		} else {
			placed = g.pointwise("place"+role, in, 1, weight, nothing)
		}
		out.sources = append(out.sources, placed.sources...)
		if out.most == -1 || in.most == 0 || out.most > 0 && in.most > out.most {
			out.most = in.most
		}
		offset += in.shape.C
	}
	return out
}
