package ann

import (
	"fmt"
	"slices"

	"ann2snn/internal/kernels/f32"
	"ann2snn/ir"
)

func buildReduce(op ir.Reduce, n *node) (step, error) {
	in := n.in[0]
	axes, err := op.Axes(n.types())
	if err != nil {
		return nil, err
	}
	var counts, strides [2][]int // of the axes kept, of the axes folded
	for i, stride := range rowMajor(in.shape) {
		which := 0
		if slices.Contains(axes, i) {
			which = 1
		}
		counts[which] = append(counts[which], in.shape[i])
		strides[which] = append(strides[which], stride)
	}
	starts, taps := f32.Lattice(counts[0], strides[0]), f32.Lattice(counts[1], strides[1])
	divisor := 1
	switch op.Fn {
	case ir.Sum:
	case ir.Mean:
		divisor = len(taps)
	default:
		return nil, fmt.Errorf("the executor has no function %v", op.Fn)
	}
	if in.dtype == ir.Int64 {
		if divisor == 0 {
			return nil, errDivideByZero
		}
		return reduceStep[int64, int64](n, starts, taps, int64(divisor)), nil
	}
	return reduceStep[float32](n, starts, taps, float64(divisor)), nil
}

// reduceStep adds up, in type S, the elements at all taps from each start.
func reduceStep[T number, S int64 | float64](n *node, starts, taps []int32, divisor S) step {
	in, out := n.in[0], n.out[0]
	return func(m *memory) error {
		dst, src := elements[T](out, m), elements[T](in, m)
		for i, start := range starts {
			var sum S
			for _, tap := range taps {
				sum += S(src[start+tap])
			}
			dst[i] = T(sum / divisor)
		}
		return nil
	}
}
