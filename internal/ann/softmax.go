package ann

import (
	"math"

	"ann2snn/ir"
)

func buildSoftmax(op ir.Softmax, n *node) (step, error) {
	return n.normalise(op.Axis, op.Flatten, func(x, top, sum float64) float64 {
		return math.Exp(x-top) / sum
	})
}

// normalise makes the step of a softmax: f gets an element, the largest one of its line
// and the sum of exp(x-largest) over the line.
func (n *node) normalise(axis int, flatten bool, f func(x, top, sum float64) float64) (step, error) {
	in, out := n.in[0], n.out[0]
	n.allowOverwrite(0)
	axis, err := ir.Axis(axis, len(in.shape))
	if err != nil {
		return nil, err
	}
	length, stride := in.shape[axis], product(in.shape[axis+1:])
	if flatten {
		length, stride = length*stride, 1
	}
	return func(m *memory) error {
		x, y := in.floats(m), out.floats(m)
		for block := 0; block < len(x); block += length * stride {
			for first := block; first < block+stride; first++ {
				last := first + (length-1)*stride
				top, sum := lineSums(x, first, last, stride)
				for i := first; i <= last; i += stride {
					y[i] = float32(f(float64(x[i]), top, sum))
				}
			}
		}
		return nil
	}, nil
}

// lineSums returns the largest x and the sum of exp(x-largest) on a line through x.
func lineSums(x []float32, first, last, stride int) (top, sum float64) {
	top = float64(x[first])
	for i := first; i <= last; i += stride {
		top = max(top, float64(x[i]))
	}
	for i := first; i <= last; i += stride {
		sum += math.Exp(float64(x[i]) - top)
	}
	return top, sum
}

// product multiplies lengths.
func product(lengths []int) int {
	n := 1
	for _, l := range lengths {
		n *= l
	}
	return n
}
