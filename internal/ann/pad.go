package ann

import "ann2snn/ir"

func buildPad(op ir.Pad, n *node) (step, error) {
	in := n.in[0]
	begin, end, err := op.Ends(n.types())
	if err != nil {
		return nil, err
	}
	p := newPick(in.shape)
	p.fill = n.input(2)
	for i, kept := range p.axes {
		kept = kept[max(0, -begin[i]) : len(kept)-max(0, -end[i])]
		b, e := max(0, begin[i]), max(0, end[i])
		if b+e == 0 {
			p.axes[i] = kept
			continue
		}
		padded := make([]int32, b+len(kept)+e)
		for j := range padded {
			padded[j] = padSource(op.Mode, kept, j-b)
		}
		p.axes[i] = padded
	}
	return p.step(n.out[0], in), nil
}

// padSource is the offset that position i, which may lie beyond both ends of kept, takes.
func padSource(mode ir.PadMode, kept []int32, i int) int32 {
	n := len(kept)
	switch {
	case i >= 0 && i < n:
		return kept[i]
	case mode == ir.PadEdge:
		return kept[min(max(i, 0), n-1)]
	case mode == ir.PadWrap:
		return kept[(i+n)%n]
	case mode == ir.PadReflect && i < 0:
		return kept[-i]
	case mode == ir.PadReflect:
		return kept[2*(n-1)-i]
	}
	return outside
}
