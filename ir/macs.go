package ir

// NodeMACs returns the multiplications of node n with weights or between activations,
// for one run of g. Products with padding are not counted. This is the one count of MACs:
// every report of a network's dense multiplications takes it. The node's types must be
// static; other operators have 0.
func (g *Graph) NodeMACs(n *Node) int64 {
	switch op := n.Op.(type) {
	case Conv:
		return convMACs(op, g.Type(n.In[0]).Shape.Ints(), g.Type(n.In[1]).Shape.Ints())
	case Gemm:
		inner := g.Type(n.In[0]).Shape.Ints()[1]
		if op.TransA {
			inner = g.Type(n.In[0]).Shape.Ints()[0]
		}
		return int64(g.Type(n.Out[0]).Elems()) * int64(inner)
	case MatMul:
		a := g.Type(n.In[0]).Shape.Ints()
		return int64(g.Type(n.Out[0]).Elems()) * int64(a[len(a)-1])
	}
	return 0
}

// MACs is the sum of NodeMACs over all nodes.
func (g *Graph) MACs() int64 {
	var sum int64
	for i := range g.Nodes {
		sum += g.NodeMACs(&g.Nodes[i])
	}
	return sum
}

// ValueMACs is NodeMACs of the node that computes the value of the given name; 0 where there
// is none. names are g.Names(), producers are g.Producers().
func (g *Graph) ValueMACs(name string, names map[string]ValueID, producers []int) int64 {
	id, ok := names[name]
	if !ok || producers[id] < 0 {
		return 0
	}
	return g.NodeMACs(&g.Nodes[producers[id]])
}

// convMACs counts the products of a convolution of x [N,C,...] by w [M,C/group,...].
// The taps inside the map factor by axis; they are counted for each element of the kernel, whose
// size is that of weights, and not for each of the map, which may be as large as a file says.
func convMACs(op Conv, x, w []int) int64 {
	win, out, err := op.Window.Resolve(w[2:], x[2:])
	if err != nil {
		panic("ir: " + err.Error()) // the graph was verified
	}
	macs := int64(x[0]) * int64(w[0]) * int64(w[1])
	for i, length := range x[2:] {
		taps := 0
		for k := range w[2+i] { // output o reads o*stride+first
			first, stride := k*win.Dilations[i]-win.Pads[i], win.Strides[i]
			from := ceilDiv(max(0, -first), stride)
			to := min(out[i], ceilDiv(max(0, length-first), stride))
			taps += max(0, to-from)
		}
		macs *= int64(taps)
	}
	return macs
}
