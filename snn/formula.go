package snn

import "math"

type float interface{ float32 | float64 }

// The formulas. Products are converted before they are added to: no machine may fuse them,
// so that all give the same bits.

func rectify[T float](x, _, _ T) T { return max(0, x) }

func linear[T float](x, _, _ T) T { return x }

func leaky[T float](x, a, _ T) T {
	return max(x, 0) + T(a*min(x, 0)) //nolint:unconvert // forbids a fused multiply-add
}

func clip[T float](x, a, b T) T { return max(a, min(x, b)) }

func hardSigmoid[T float](x, a, b T) T {
	return max(0, min(T(a*x)+b, 1)) //nolint:unconvert // forbids a fused multiply-add
}

func hardSwish[T float](x, _, _ T) T { return x * max(0, min(x/6+0.5, 1)) }

func tanh[T float](x, _, _ T) T { return T(math.Tanh(float64(x))) }

func softsign[T float](x, _, _ T) T { return x / (1 + abs(x, 0, 0)) }

func abs[T float](x, _, _ T) T { return max(x, -x) }

func thresholded[T float](x, a, _ T) T {
	if x > a {
		return x
	}
	return 0
}

func elu[T float](x, a, _ T) T {
	if x < 0 {
		return a * T(math.Expm1(float64(x)))
	}
	return x
}

// The logistic function has two forms because they differ in the last bit, and both kinds
// of networks keep theirs: stored ones 1/(1+exp(-x)), trained ones the form that does not
// overflow on either side.

func sigmoid64(x, _, _ float64) float64 { return 1 / (1 + math.Exp(-x)) }

func silu64(x, _, _ float64) float64 { return x * sigmoid64(x, 0, 0) }

func sigmoid32(x, _, _ float32) float32 { return float32(logistic(float64(x))) }

func silu32(x, _, _ float32) float32 { return float32(float64(x) * logistic(float64(x))) }

// The functions below are written so that nothing cancels where they are close to 0: a
// difference from 1 would make steps there, and a table of the function would not be one that
// falls and then rises.

// gelu is x times the normal distribution function.
func gelu(x, _, _ float64) float64 {
	far := 0.5 * math.Abs(x) * math.Erfc(math.Abs(x)*(1/math.Sqrt2))
	return max(x, 0) - far
}

// geluTanh is x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715*x^3))).
func geluTanh(x, _, _ float64) float64 {
	inner := x * (1 + float64(0.044715*x*x))
	return x * sigmoid64(2*math.Sqrt(2/math.Pi)*inner, 0, 0)
}

// mish is x * tanh(log(1 + exp(x))). Beyond mishOne the second factor is 1.
func mish(x, _, _ float64) float64 {
	e := math.Exp(min(x, mishOne))
	n := e * (e + 2)
	return x * (n / (n + 2))
}

const mishOne = 20

func erf(x, _, _ float64) float64 { return math.Erf(x) }

// The functions below have a domain, or grow beyond what float32 holds. What stands for x is
// a sum of rounded spikes, which may lie outside of the domain by a little, so x is held to
// it: every value is finite.

// mostExponent is about the logarithm of the largest float32.
const mostExponent = 88

func exp(x, _, _ float64) float64 { return math.Exp(min(x, mostExponent)) }

func log(x, _, b float64) float64 { return math.Log(max(x, b)) }

func power(x, a, b float64) float64 { return min(math.Pow(max(x, b), a), math.MaxFloat32) }

func square(x, _, _ float64) float64 { return min(x*x, math.MaxFloat32) }

// softplus is log(1 + exp(x)).
func softplus(x, _, _ float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

// inDouble is each for a formula that takes float64 alone.
func inDouble(f func(x, a, b float64) float64) func(dst, src []float32, a, b float32) {
	return each(func(x, a, b float32) float32 { return float32(f(float64(x), float64(a), float64(b))) })
}

// each makes a function of every element of a function of one. Formulas that are cheaper
// than a call have a loop of their own.
func each(f func(x, a, b float32) float32) func(dst, src []float32, a, b float32) {
	return func(dst, src []float32, a, b float32) {
		for i, x := range src {
			dst[i] = f(x, a, b)
		}
	}
}

func leakyMap(dst, src []float32, a, _ float32) {
	for i, x := range src {
		dst[i] = leaky(x, a, 0)
	}
}

func hardSigmoidMap(dst, src []float32, a, b float32) {
	for i, x := range src {
		dst[i] = hardSigmoid(x, a, b)
	}
}

func hardSwishMap(dst, src []float32, _, _ float32) {
	for i, x := range src {
		dst[i] = hardSwish(x, 0, 0)
	}
}

func logistic(x float64) float64 {
	if x >= 0 {
		return 1 / (1 + math.Exp(-x))
	}
	e := math.Exp(x)
	return e / (1 + e)
}
