package runtime

import (
	"math"

	"ann2snn/snn"
)

// activation returns the function that neurons stand for. Products are converted before
// they are added to: no machine may fuse them, so that all give the same bits.
func activation(a *snn.Activation) func(x float64, channel int) float64 {
	p, q := float64(a.A), float64(a.B)
	switch a.Fn {
	case snn.Linear:
		return func(x float64, _ int) float64 { return x }
	case snn.LeakyRelu:
		return func(x float64, _ int) float64 { return leaky(x, p) }
	case snn.PRelu:
		return func(x float64, ch int) float64 { return leaky(x, float64(a.Slope[ch])) }
	case snn.Clip:
		return func(x float64, _ int) float64 { return max(p, min(x, q)) }
	case snn.Sigmoid:
		return func(x float64, _ int) float64 { return sigmoid(x) }
	case snn.HardSigmoid:
		return func(x float64, _ int) float64 { return hardSigmoid(x, p, q) }
	case snn.HardSwish:
		return func(x float64, _ int) float64 { return x * max(0, min(x/6+0.5, 1)) }
	case snn.SiLU:
		return func(x float64, _ int) float64 { return x * sigmoid(x) }
	case snn.Tanh:
		return func(x float64, _ int) float64 { return math.Tanh(x) }
	case snn.Elu:
		return func(x float64, _ int) float64 { return elu(x, p) }
	}
	return func(x float64, _ int) float64 { return max(0, x) }
}

func leaky(x, slope float64) float64 {
	if x < 0 {
		return slope * x
	}
	return x
}

func elu(x, a float64) float64 {
	if x < 0 {
		return a * math.Expm1(x)
	}
	return x
}

func hardSigmoid(x, a, b float64) float64 { return max(0, min(float64(a*x)+b, 1)) }

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
