package onnx

import (
	"math"

	"ann2snn/snn"
)

// activate applies the activation of the layer at work to float64, operation by operation
// as runtime does.
func (w *writer) activate(x string) string {
	a := &w.layer.Neuron.Act
	p, q := float64(a.A), float64(a.B)
	switch a.Fn {
	case snn.LeakyRelu:
		return w.leaky(x, w.double(p))
	case snn.PRelu:
		return w.leaky(x, w.slopes(a.Slope))
	case snn.Clip, snn.Quantise:
		return w.clip("clip", x, p, q)
	case snn.Sigmoid:
		return w.sigmoid(x)
	case snn.HardSigmoid:
		y := w.node("slope", "Mul", []string{x, w.double(p)})
		y = w.node("offset", "Add", []string{y, w.double(q)})
		return w.clip("hardsigmoid", y, 0, 1)
	case snn.HardSwish:
		y := w.node("sixth", "Div", []string{x, w.double(6)})
		y = w.node("offset", "Add", []string{y, w.double(0.5)})
		return w.node("hardswish", "Mul", []string{x, w.clip("gate", y, 0, 1)})
	case snn.SiLU:
		return w.node("silu", "Mul", []string{x, w.sigmoid(x)})
	case snn.Tanh:
		return w.node("tanh", "Tanh", []string{x})
	case snn.Elu:
		return w.elu(x, p)
	}
	return x
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
