package ann

import (
	"errors"

	"ann2snn/ir"
)

// buildRange is for constants alone: how many elements there are depends on them.
func buildRange(_ ir.Progression, n *node) (step, error) {
	start, delta, out := n.in[0].constant, n.in[2].constant, n.out[0]
	if start == nil || delta == nil {
		return nil, errors.New("its bounds are not constant")
	}
	out.constant = &ir.Tensor{DType: out.dtype, Shape: out.shape}
	if out.dtype == ir.Int64 {
		out.constant.I = progression(start.I[0], delta.I[0], out.n)
	} else {
		out.constant.F = progression(start.F[0], delta.F[0], out.n)
	}
	return nil, nil
}

func progression[T number](start, delta T, n int) []T {
	list := make([]T, n)
	for i := range list {
		list[i] = start + T(i)*delta
	}
	return list
}
