package ann

import "ann2snn/ir"

func buildSplit(op ir.Split, n *node) (step, error) {
	in := n.in[0]
	axis, err := ir.Axis(op.Axis, len(in.shape))
	if err != nil {
		return nil, err
	}
	sizes, err := op.Sizes(n.types())
	if err != nil {
		return nil, err
	}
	box := make([]ir.Range, len(in.shape))
	for i, length := range in.shape {
		box[i] = ir.Range{Step: 1, Len: length}
	}
	var parts []step
	box[axis].Len = 0
	for i, out := range n.out {
		box[axis].Start += box[axis].Len
		box[axis].Len = sizes[i]
		if out != nil && out.n > 0 {
			parts = append(parts, pickRanges(in.shape, box).step(out, in))
		}
	}
	return func(m *memory) error {
		for _, part := range parts {
			if err := part(m); err != nil {
				return err
			}
		}
		return nil
	}, nil
}
