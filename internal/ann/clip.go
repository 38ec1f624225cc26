package ann

import (
	"math"

	"ann2snn/ir"
)

func buildClip(_ ir.Clip, n *node) (step, error) {
	n.allowOverwrite(0)
	if n.in[0].dtype == ir.Int64 {
		return clipStep[int64](n, math.MinInt64, math.MaxInt64), nil
	}
	return clipStep(n, float32(math.Inf(-1)), float32(math.Inf(1))), nil
}

// clipStep bounds elements; low and high stand for bounds that are absent. Where the
// bounds cross, the upper one wins.
func clipStep[T int64 | float32](n *node, low, high T) step {
	out, in, lowest, highest := n.out[0], n.in[0], n.input(1), n.input(2)
	return func(m *memory) error {
		lo, hi := low, high
		if lowest != nil {
			lo = elements[T](lowest, m)[0]
		}
		if highest != nil {
			hi = elements[T](highest, m)[0]
		}
		dst := elements[T](out, m)
		for i, x := range elements[T](in, m) {
			if x < lo {
				x = lo
			}
			if x > hi {
				x = hi
			}
			dst[i] = x
		}
		return nil
	}
}
