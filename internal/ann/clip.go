package ann

import (
	"math"

	"ann2snn/internal/kernels/f32"
	"ann2snn/ir"
)

func buildClip(_ ir.Clip, n *node) (step, error) {
	if n.in[0].dtype == ir.Int64 {
		n.allowOverwrite(0)
		return clipStep[int64](n, math.MinInt64, math.MaxInt64), nil
	}
	if limits, ok := constantLimits(n.input(1), n.input(2)); ok {
		return n.clamp(limits)
	}
	n.allowOverwrite(0)
	n.out[0].interleaved = n.in[0].interleaved
	return clipStep(n, float32(math.Inf(-1)), float32(math.Inf(1))), nil
}

// constantLimits returns the bounds where they are known and do not cross.
func constantLimits(low, high *value) (f32.Limits, bool) {
	limits := unlimited
	for _, b := range []struct {
		v  *value
		to *float32
	}{{low, &limits.Low}, {high, &limits.High}} {
		if b.v == nil {
			continue
		}
		if b.v.constant == nil {
			return limits, false
		}
		*b.to = b.v.constant.F[0]
	}
	return limits, limits.Low <= limits.High
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
