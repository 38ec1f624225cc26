package eval

import (
	"slices"

	"ann2snn/ir"
)

// GraphWeights returns how many constant floats the nodes of g read, each tensor once.
func GraphWeights(g *ir.Graph) int64 {
	var ids []ir.ValueID
	for _, n := range g.Nodes {
		for _, in := range n.In {
			if t := g.Type(in); t.Const != nil && t.DType == ir.Float32 {
				ids = append(ids, in)
			}
		}
	}
	slices.Sort(ids)
	var sum int64
	for _, id := range slices.Compact(ids) {
		sum += int64(g.Type(id).Elems())
	}
	return sum
}
