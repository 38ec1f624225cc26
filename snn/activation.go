package snn

import (
	"math"
	"strconv"
)

// Activation is the function a neuron's spikes stand for. Rectify and Linear are
// integrate-and-fire; the others emit quantise(f(V)) minus what was already emitted.
type Activation struct {
	Fn    ActFn
	A, B  float32   // LeakyRelu, Elu: slope A; Clip, Quantise: A..B; HardSigmoid: A*x+B
	Slope []float32 // PRelu: per channel
}

// ActFn names an activation.
type ActFn uint8

// The activations of neurons.
const (
	Rectify ActFn = iota
	Linear
	LeakyRelu
	PRelu
	Clip
	Sigmoid
	HardSigmoid
	HardSwish
	SiLU
	Tanh
	Elu
	// Quantise is a Clip in the arithmetic of quantised models, for integer networks of one step:
	// a level is worth exactly Neuron.Threshold, whatever IntThreshold has rounded that to, and
	// halves go to the even level. See internal/engine/spec.
	Quantise
)

// activations says everything about each activation; the order is that of the constants.
// Executors, engines and exporters read it, so that a new activation is a row here.
var activations = [...]actRow{
	Rectify:     {name: "rectify", f64: rectify[float64], map32: each(rectify[float32]), nonNegative: true},
	Linear:      {name: "linear", f64: linear[float64], map32: each(linear[float32])},
	LeakyRelu:   {name: "leaky relu", f64: leaky[float64], map32: leakyMap, falls: ifNegativeA},
	PRelu:       {name: "prelu", f64: leaky[float64], map32: leakyMap, falls: ifNegativeA},
	Clip:        {name: "clip", f64: clip[float64], map32: each(clip[float32])},
	Sigmoid:     {name: "sigmoid", f64: sigmoid64, map32: each(sigmoid32), exponential: true, nonNegative: true},
	HardSigmoid: {name: "hard sigmoid", f64: hardSigmoid[float64], map32: hardSigmoidMap, falls: ifNegativeA, nonNegative: true},
	HardSwish:   {name: "hard swish", f64: hardSwish[float64], map32: hardSwishMap, falls: always, lowest: -1.5},
	SiLU:        {name: "silu", f64: silu64, map32: each(silu32), falls: always, lowest: -1.2784645427610738, exponential: true},
	Tanh:        {name: "tanh", f64: tanh[float64], map32: each(tanh[float32]), exponential: true},
	Elu:         {name: "elu", f64: elu[float64], map32: each(elu[float32]), falls: ifNegativeA, exponential: true},
	Quantise:    {name: "quantise", f64: clip[float64], map32: each(clip[float32])},
}

// actRow is what there is to know about one activation. Its formula takes the parameters A
// and B; the A of a PRelu is the slope of the channel.
type actRow struct {
	name        string
	f64         func(x, a, b float64) float64
	map32       func(dst, src []float32, a, b float32) // the formula in float32, of every element
	nonNegative bool                                   // no value is negative
	exponential bool                                   // takes the exponential function, which no two libraries round alike
	falls       slope                                  // whether the function falls anywhere
	lowest      float64                                // where a function that falls stops falling
}

// slope says whether a function falls anywhere.
type slope uint8

const (
	never slope = iota
	ifNegativeA
	always
)

// Known reports whether f is one of the constants.
func (f ActFn) Known() bool { return int(f) < len(activations) }

// String returns the activation's name.
func (f ActFn) String() string {
	if f.Known() {
		return activations[f].name
	}
	return "activation " + strconv.Itoa(int(f))
}

// Integrates reports whether neurons of f are integrate-and-fire; the others follow the
// function of the sum of their currents.
func (f ActFn) Integrates() bool { return f == Rectify || f == Linear }

// Exponential reports whether f takes the exponential function, whose last bit differs
// between libraries.
func (f ActFn) Exponential() bool { return activations[f].exponential }

// Lowest returns the x from which on the activation rises, if it falls before; 0 where it
// never falls, or falls and rises on either side of 0.
func (f ActFn) Lowest() float64 { return activations[f].lowest }

// Curve is an activation ready for use, in float64 so that all machines give the same bits.
type Curve struct {
	f    func(x, a, b float64) float64
	a    []float64 // one for all channels, or one per channel
	mask int       // of a channel for its place in a
	b    float64
}

// Curve returns the activation ready for use.
func (a *Activation) Curve() Curve {
	c := Curve{f: activations[a.Fn].f64, a: []float64{float64(a.A)}, b: float64(a.B)}
	if a.Fn == PRelu {
		c.a, c.mask = make([]float64, len(a.Slope)), -1
		for i, s := range a.Slope {
			c.a[i] = float64(s)
		}
	}
	return c
}

// At returns the value of a neuron in a channel.
func (c *Curve) At(x float64, channel int) float64 { return c.f(x, c.a[channel&c.mask], c.b) }

// Map applies the activation to src, in the arithmetic of trained networks. It does not know
// the slopes of a PRelu.
func (a *Activation) Map(dst, src []float32) { activations[a.Fn].map32(dst, src, a.A, a.B) }

// NonNegative reports whether the activation is known to have no negative value.
func (a *Activation) NonNegative() bool {
	return activations[a.Fn].nonNegative || (a.Fn == Clip || a.Fn == Quantise) && a.A >= 0
}

// Monotone reports whether the activation never falls.
func (a *Activation) Monotone() bool {
	switch activations[a.Fn].falls {
	case never:
		return true
	case ifNegativeA:
		for _, s := range a.Slope {
			if !(s >= 0) {
				return false
			}
		}
		return a.A >= 0
	}
	return false
}

// Limits returns the range to which the activation holds x, where that is all it does.
func (a *Activation) Limits() (low, high float32, ok bool) {
	infinity := float32(math.Inf(1))
	switch a.Fn {
	case Rectify:
		return 0, infinity, true
	case Linear:
		return -infinity, infinity, true
	case Clip, Quantise:
		return a.A, a.B, true
	}
	return 0, 0, false
}

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
