package runtime

import (
	"math"

	"ann2snn/snn"
)

// applyHost applies a host operator to v in place.
func applyHost(fn snn.HostFn, v []float32) {
	switch fn {
	case snn.HostSoftmax:
		largest, sum := expSum(v)
		for i, x := range v {
			v[i] = float32(math.Exp(float64(x)-largest) / sum)
		}
	case snn.HostLogSoftmax:
		largest, sum := expSum(v)
		for i, x := range v {
			v[i] = float32(float64(x) - largest - math.Log(sum))
		}
	case snn.HostSigmoid:
		logistic := (&snn.Activation{Fn: snn.Sigmoid}).Curve()
		for i, x := range v {
			v[i] = float32(logistic.At(float64(x), 0))
		}
	}
}

// expSum returns the largest element of v and the sum of exp(v[i]-largest).
func expSum(v []float32) (largest, sum float64) {
	largest = math.Inf(-1)
	for _, x := range v {
		largest = max(largest, float64(x))
	}
	for _, x := range v {
		sum += math.Exp(float64(x) - largest)
	}
	return largest, sum
}
