package snn

import (
	"math"
	"strconv"
)

// Activation is the function a neuron's spikes stand for. Rectify and Linear are
// integrate-and-fire; the others emit quantise(f(V)) minus what was already emitted.
type Activation struct {
	Fn    ActFn
	A, B  float32   // LeakyRelu, Elu: slope A; Clip, Quantise: A..B; HardSigmoid: A*x+B; ThresholdedRelu: 0 up to A; Power: A, from B on; Log: from B on
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
	Gelu     // by the error function
	GeluTanh // its approximation by tanh
	Mish
	Softplus
	Softsign
	Abs
	ThresholdedRelu
	Erf    // the error function
	Exp    // up to the largest float32
	Log    // of B and more; of B for what is below
	Power  // max(x, B) to the power of A, with B >= 0, and above 0 where A is negative
	Square // of numbers of either sign
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
	Gelu:        {name: "gelu", f64: gelu, map32: inDouble(gelu), falls: always, lowest: -0.7517915246935645, exponential: true},
	GeluTanh:    {name: "gelu by tanh", f64: geluTanh, map32: inDouble(geluTanh), falls: always, lowest: -0.752461422071016, exponential: true},
	Mish:        {name: "mish", f64: mish, map32: inDouble(mish), falls: always, lowest: -1.1924312145154955, exponential: true},
	Softplus:    {name: "softplus", f64: softplus, map32: inDouble(softplus), exponential: true, nonNegative: true},
	Softsign:    {name: "softsign", f64: softsign[float64], map32: each(softsign[float32])},
	Abs:         {name: "abs", f64: abs[float64], map32: each(abs[float32]), falls: always, nonNegative: true},

	ThresholdedRelu: {name: "thresholded relu", f64: thresholded[float64], map32: each(thresholded[float32]), nonNegative: true},
	Erf:             {name: "erf", f64: erf, map32: inDouble(erf), exponential: true},
	Exp:             {name: "exp", f64: exp, map32: inDouble(exp), exponential: true, nonNegative: true},
	Log:             {name: "log", f64: log, map32: inDouble(log), exponential: true},
	Power:           {name: "power", f64: power, map32: inDouble(power), falls: ifNegativeA, exponential: true, nonNegative: true},
	Square:          {name: "square", f64: square, map32: inDouble(square), falls: always, nonNegative: true},
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

// ActFns returns all activations.
func ActFns() []ActFn {
	all := make([]ActFn, len(activations))
	for i := range all {
		all[i] = ActFn(i)
	}
	return all
}

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

// Exponential reports whether the activation takes the exponential function or one like it,
// whose last bit differs between libraries. Roots and quotients are rounded alike by all.
func (a *Activation) Exponential() bool {
	if a.Fn == Power && (a.A == 0.5 || a.A == -0.5 || a.A == -1) {
		return false
	}
	return activations[a.Fn].exponential
}

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
