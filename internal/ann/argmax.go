package ann

import (
	"ann2snn/internal/kernels/f32"
	"ann2snn/ir"
)

func buildArgMax(op ir.ArgMax, n *node) (step, error) {
	axis, err := ir.Axis(op.Axis, len(n.in[0].shape))
	if err != nil {
		return nil, err
	}
	if n.in[0].dtype == ir.Int64 {
		return argMaxStep[int64](op, n, axis), nil
	}
	return argMaxStep[float32](op, n, axis), nil
}

// argMaxStep finds the largest element along an axis.
func argMaxStep[T number](op ir.ArgMax, n *node, axis int) step {
	in, out := n.in[0], n.out[0]
	strides := rowMajor(in.shape)
	length, stride := in.shape[axis], strides[axis]
	counts := append(append([]int{}, in.shape[:axis]...), in.shape[axis+1:]...)
	starts := f32.Lattice(counts, append(append([]int{}, strides[:axis]...), strides[axis+1:]...))
	return func(m *memory) error {
		dst, src := elements[int64](out, m), elements[T](in, m)
		for i, start := range starts {
			best := 0
			for k := range length {
				x, most := src[int(start)+k*stride], src[int(start)+best*stride]
				if x > most || op.Last && x == most {
					best = k
				}
			}
			dst[i] = int64(best)
		}
		return nil
	}
}
