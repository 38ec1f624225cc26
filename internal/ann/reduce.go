package ann

import (
	"fmt"
	"math"
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
	if in.dtype == ir.Int64 {
		f, err := reductionOf[int64, int64](op.Fn, len(taps))
		return reduceStep(n, starts, taps, f), err
	}
	f, err := reductionOf[float32, float64](op.Fn, len(taps))
	return reduceStep(n, starts, taps, f), err
}

// A reduction folds elements one by one, from a start, and makes the result of that.
type reduction[T number, S int64 | float64] struct {
	start  func(first T) S
	fold   func(s S, x T) S
	result func(s S) T
}

// reductionOf returns the reduction of n elements by a function. Sums are in type S.
func reductionOf[T number, S int64 | float64](fn ir.ReduceFn, n int) (reduction[T, S], error) {
	r := reduction[T, S]{
		start:  func(T) S { return 0 },
		fold:   func(s S, x T) S { return s + S(x) },
		result: func(s S) T { return T(s) },
	}
	extreme := fn == ir.Largest || fn == ir.Smallest
	if n == 0 && (extreme || fn == ir.Mean) {
		return r, fmt.Errorf("the %v of no elements is not defined", fn)
	}
	if extreme {
		r.start = func(first T) S { return S(first) }
	}
	switch fn {
	case ir.Sum:
	case ir.Mean:
		r.result = func(s S) T { return T(s / S(n)) }
	case ir.Largest:
		r.fold = func(s S, x T) S { return max(s, S(x)) }
	case ir.Smallest:
		r.fold = func(s S, x T) S { return min(s, S(x)) }
	case ir.L1:
		r.fold = func(s S, x T) S { return s + max(S(x), -S(x)) }
	case ir.SumSquare, ir.L2:
		r.fold = func(s S, x T) S { return s + S(x)*S(x) }
		if fn == ir.L2 {
			r.result = func(s S) T { return T(math.Sqrt(float64(s))) }
		}
	default:
		return r, fmt.Errorf("the executor has no function %v", fn)
	}
	return r, nil
}

// reduceStep folds the elements at all taps from each start.
func reduceStep[T number, S int64 | float64](n *node, starts, taps []int32, f reduction[T, S]) step {
	in, out := n.in[0], n.out[0]
	return func(m *memory) error {
		dst, src := elements[T](out, m), elements[T](in, m)
		for i, start := range starts {
			var s S
			if len(taps) > 0 {
				s = f.start(src[start+taps[0]])
			}
			for _, tap := range taps {
				s = f.fold(s, src[start+tap])
			}
			dst[i] = f.result(s)
		}
		return nil
	}
}
