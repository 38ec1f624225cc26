package onnx

import (
	"math"

	"ann2snn/snn"
)

// activations spell the activations of neurons that follow one, of a tensor of float64,
// operation by operation as package snn has them. Integrate-and-fire neurons have none.
var activations = map[snn.ActFn]func(w *writer, x string, a *snn.Activation) string{
	snn.Abs: func(w *writer, x string, _ *snn.Activation) string { return w.node("abs", "Abs", []string{x}) },
	snn.Clip: func(w *writer, x string, a *snn.Activation) string {
		return w.clip("clip", x, float64(a.A), float64(a.B))
	},
	snn.Quantise: func(w *writer, x string, a *snn.Activation) string {
		return w.clip("clip", x, float64(a.A), float64(a.B))
	},
	snn.Elu:       func(w *writer, x string, a *snn.Activation) string { return w.elu(x, float64(a.A)) },
	snn.Erf:       func(w *writer, x string, _ *snn.Activation) string { return w.erf(x) },
	snn.Exp:       func(w *writer, x string, _ *snn.Activation) string { return w.exp(x) },
	snn.Gelu:      func(w *writer, x string, _ *snn.Activation) string { return w.gelu(x) },
	snn.GeluTanh:  func(w *writer, x string, _ *snn.Activation) string { return w.geluTanh(x) },
	snn.HardSwish: func(w *writer, x string, _ *snn.Activation) string { return w.hardSwish(x) },
	snn.LeakyRelu: func(w *writer, x string, a *snn.Activation) string { return w.leaky(x, w.double(float64(a.A))) },
	snn.Log:       func(w *writer, x string, a *snn.Activation) string { return w.log(x, float64(a.B)) },
	snn.Mish:      func(w *writer, x string, _ *snn.Activation) string { return w.mish(x) },
	snn.PRelu:     func(w *writer, x string, a *snn.Activation) string { return w.leaky(x, w.slopes(a.Slope)) },
	snn.Power:     func(w *writer, x string, a *snn.Activation) string { return w.power(x, float64(a.A), float64(a.B)) },
	snn.Sigmoid:   func(w *writer, x string, _ *snn.Activation) string { return w.sigmoid(x) },
	snn.Softplus:  func(w *writer, x string, _ *snn.Activation) string { return w.softplus(x) },
	snn.Softsign:  func(w *writer, x string, _ *snn.Activation) string { return w.softsign(x) },
	snn.Square:    func(w *writer, x string, _ *snn.Activation) string { return w.square(x) },
	snn.Tanh:      func(w *writer, x string, _ *snn.Activation) string { return w.node("tanh", "Tanh", []string{x}) },

	snn.HardSigmoid: func(w *writer, x string, a *snn.Activation) string {
		y := w.node("slope", "Mul", []string{x, w.double(float64(a.A))})
		return w.clip("hardsigmoid", w.node("offset", "Add", []string{y, w.double(float64(a.B))}), 0, 1)
	},
	snn.SiLU: func(w *writer, x string, _ *snn.Activation) string {
		return w.node("silu", "Mul", []string{x, w.sigmoid(x)})
	},
	snn.ThresholdedRelu: func(w *writer, x string, a *snn.Activation) string { return w.thresholded(x, float64(a.A)) },
}

func (w *writer) hardSwish(x string) string {
	y := w.node("sixth", "Div", []string{x, w.double(6)})
	y = w.node("offset", "Add", []string{y, w.double(0.5)})
	return w.node("hardswish", "Mul", []string{x, w.clip("gate", y, 0, 1)})
}

// sigmoid is spelled out: ONNX Runtime fuses x*Sigmoid(x) to an operator that it does not
// have for float64.
func (w *writer) sigmoid(x string) string {
	y := w.node("exp", "Exp", []string{w.node("minus", "Neg", []string{x})})
	y = w.node("more", "Add", []string{y, w.double(1)})
	return w.node("sigmoid", "Reciprocal", []string{y})
}

func (w *writer) clip(name, x string, low, high float64) string {
	return w.node(name, "Clip", []string{x, w.double(low), w.double(high)})
}

// leaky is x above 0 and slope*x below: one of the two terms is 0.
func (w *writer) leaky(x, slope string) string {
	above, below := w.halves(x)
	return w.node("leaky", "Add", []string{above, w.node("slope", "Mul", []string{below, slope})})
}

func (w *writer) elu(x string, a float64) string {
	above, below := w.halves(x)
	y := w.node("exp", "Exp", []string{below})
	y = w.node("expm1", "Sub", []string{y, w.double(1)})
	y = w.node("slope", "Mul", []string{y, w.double(a)})
	return w.node("elu", "Add", []string{above, y})
}

// halves returns the parts of x above and below 0.
func (w *writer) halves(x string) (above, below string) {
	return w.clip("above", x, 0, math.MaxFloat64), w.clip("below", x, -math.MaxFloat64, 0)
}

func (w *writer) slopes(values []float32) string {
	doubles := make([]float64, len(values))
	for i, x := range values {
		doubles[i] = float64(x)
	}
	return w.doubles("slope", doubles, w.layer.Shape)
}
