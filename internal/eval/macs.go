package eval

import (
	"slices"

	"ann2snn/ir"
)

// NodeMACs returns the multiplications of node n with weights or between activations,
// for one run of g. Products with padding are not counted, as they are not for the
// spiking network. The node's types must be static; it returns 0 for other operators.
func NodeMACs(g *ir.Graph, n *ir.Node) int64 {
	switch op := n.Op.(type) {
	case ir.Conv:
		return convMACs(op, g.Type(n.In[0]).Shape.Ints(), g.Type(n.In[1]).Shape.Ints())
	case ir.Gemm:
		inner := g.Type(n.In[0]).Shape.Ints()[1]
		if op.TransA {
			inner = g.Type(n.In[0]).Shape.Ints()[0]
		}
		return int64(g.Type(n.Out[0]).Elems()) * int64(inner)
	case ir.MatMul:
		a := g.Type(n.In[0]).Shape.Ints()
		return int64(g.Type(n.Out[0]).Elems()) * int64(a[len(a)-1])
	}
	return 0
}

// GraphMACs is the sum of NodeMACs over all nodes.
func GraphMACs(g *ir.Graph) int64 {
	var sum int64
	for i := range g.Nodes {
		sum += NodeMACs(g, &g.Nodes[i])
	}
	return sum
}

// convMACs counts the products of a convolution of x [N,C,...] by w [M,C/group,...].
// The taps inside the map factor by axis.
func convMACs(op ir.Conv, x, w []int) int64 {
	win, out, err := op.Window.Resolve(w[2:], x[2:])
	if err != nil {
		panic("eval: " + err.Error()) // the graph was verified
	}
	macs := int64(x[0]) * int64(w[0]) * int64(w[1])
	for i, length := range x[2:] {
		taps := 0
		for o := range out[i] {
			for k := range w[2+i] {
				if at := o*win.Strides[i] - win.Pads[i] + k*win.Dilations[i]; at >= 0 && at < length {
					taps++
				}
			}
		}
		macs *= int64(taps)
	}
	return macs
}

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
