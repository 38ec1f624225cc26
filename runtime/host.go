package runtime

import (
	"math"

	"ann2snn/snn"
)

// applyHost applies a host operator to v in place.
func applyHost(h snn.HostOp, v []float32) {
	switch h.Fn {
	case snn.HostSoftmax:
		softmax(v, len(v), 1)
	case snn.HostLogSoftmax:
		logSoftmax(v, len(v), 1)
	case snn.HostGroupSoftmax:
		eachGroup(h, v, softmax)
	case snn.HostGroupLogSoftmax:
		eachGroup(h, v, logSoftmax)
	case snn.HostSigmoid:
		logistic := (&snn.Activation{Fn: snn.Sigmoid}).Curve()
		for i, x := range v {
			v[i] = float32(logistic.At(float64(x), 0))
		}
	}
}

// softmax normalises n elements of v that are stride apart.
func softmax(v []float32, n, stride int) {
	largest, sum := expSum(v, n, stride)
	for k := range n {
		x := &v[k*stride]
		*x = float32(math.Exp(float64(*x)-largest) / sum)
	}
}

// logSoftmax is the logarithm of softmax.
func logSoftmax(v []float32, n, stride int) {
	largest, sum := expSum(v, n, stride)
	for k := range n {
		x := &v[k*stride]
		*x = float32(float64(*x) - largest - math.Log(sum))
	}
}

// eachGroup calls f with every group of v, which starts where its slice does.
func eachGroup(h snn.HostOp, v []float32, f func(v []float32, n, stride int)) {
	for block := 0; block < len(v); block += h.Group * h.Stride {
		for i := range h.Stride {
			f(v[block+i:], h.Group, h.Stride)
		}
	}
}

// expSum returns the largest of n elements of v that are stride apart, and the sum of
// exp(x-largest) over them.
func expSum(v []float32, n, stride int) (largest, sum float64) {
	largest = math.Inf(-1)
	for k := range n {
		largest = max(largest, float64(v[k*stride]))
	}
	for k := range n {
		sum += math.Exp(float64(v[k*stride]) - largest)
	}
	return largest, sum
}
