package ann

import (
	"errors"

	"ann2snn/ir"
)

func buildGatherElements(op ir.GatherElements, n *node) (step, error) {
	in, indices := n.in[0], n.in[1]
	if indices.constant == nil {
		return nil, errors.New("the indices are not constant")
	}
	axis, err := ir.Axis(op.Axis, len(in.shape))
	if err != nil {
		return nil, err
	}
	from, to := rowMajor(in.shape), rowMajor(indices.shape)
	taken := make([]int32, indices.n)
	for i := range taken {
		at := 0
		for a, stride := range to {
			k := i / stride % indices.shape[a]
			if a == axis {
				k = int(indices.constant.I[i])
				if k < 0 {
					k += in.shape[axis]
				}
			}
			at += k * from[a]
		}
		taken[i] = int32(at)
	}
	return pick{axes: [][]int32{taken}}.step(n.out[0], in), nil
}
