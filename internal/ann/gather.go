package ann

import (
	"errors"

	"ann2snn/ir"
)

func buildGather(op ir.Gather, n *node) (step, error) {
	in, indices := n.in[0], n.in[1]
	if indices.constant == nil {
		return nil, errors.New("the indices are not constant")
	}
	axis, err := ir.Axis(op.Axis, len(in.shape))
	if err != nil {
		return nil, err
	}
	p := newPick(in.shape)
	taken := make([]int32, 0, indices.n)
	for _, i := range indices.constant.I {
		if i < 0 {
			i += int64(in.shape[axis])
		}
		taken = append(taken, p.axes[axis][i])
	}
	p.axes[axis] = taken
	return p.step(n.out[0], in), nil
}
