package onnx

import (
	"math"
	"strconv"
)

// Curves in the operators that ONNX Runtime has for float64. It has no Erf, Gelu, Mish or
// Softsign there.

func (w *writer) exp(x string) string {
	const most = 88 // as in package snn
	return w.node("exp", "Exp", []string{w.clip("held", x, -math.MaxFloat64, most)})
}

func (w *writer) log(x string, least float64) string {
	return w.node("log", "Log", []string{w.clip("held", x, least, math.MaxFloat64)})
}

// power spells roots and quotients by operators that all runtimes round alike.
func (w *writer) power(x string, exponent, least float64) string {
	x = w.clip("held", x, least, math.MaxFloat64)
	switch exponent {
	case 0.5:
		x = w.node("root", "Sqrt", []string{x})
	case -0.5:
		x = w.node("reciprocal", "Reciprocal", []string{w.node("root", "Sqrt", []string{x})})
	case -1:
		x = w.node("reciprocal", "Reciprocal", []string{x})
	default:
		x = w.node("power", "Pow", []string{x, w.double(exponent)})
	}
	return w.clip("power", x, 0, math.MaxFloat32)
}

func (w *writer) square(x string) string {
	return w.clip("square", w.node("square", "Mul", []string{x, x}), 0, math.MaxFloat32)
}

func (w *writer) absolute(x string) string { return w.node("abs", "Abs", []string{x}) }

func (w *writer) softsign(x string) string {
	return w.node("softsign", "Div", []string{x, w.node("more", "Add", []string{w.absolute(x), w.double(1)})})
}

// softplus is max(x, 0) + log(1 + exp(-|x|)).
func (w *writer) softplus(x string) string {
	above, _ := w.halves(x)
	y := w.node("exp", "Exp", []string{w.node("minus", "Neg", []string{w.absolute(x)})})
	y = w.node("log", "Log", []string{w.node("more", "Add", []string{y, w.double(1)})})
	return w.node("softplus", "Add", []string{above, y})
}

// mish is x * n/(n+2) with n = e*(e+2) and e = exp(x), as in package snn.
func (w *writer) mish(x string) string {
	const one = 20 // from there on the second factor is 1
	e := w.node("exp", "Exp", []string{w.clip("held", x, -math.MaxFloat64, one)})
	n := w.node("square", "Mul", []string{e, w.node("more", "Add", []string{e, w.double(2)})})
	gate := w.node("gate", "Div", []string{n, w.node("whole", "Add", []string{n, w.double(2)})})
	return w.node("mish", "Mul", []string{x, gate})
}

func (w *writer) geluTanh(x string) string {
	y := w.node("cube", "Mul", []string{w.node("square", "Mul", []string{x, w.double(0.044715)}), x})
	y = w.node("inner", "Mul", []string{x, w.node("more", "Add", []string{y, w.double(1)})})
	y = w.node("double", "Mul", []string{y, w.double(2 * math.Sqrt(2/math.Pi))})
	return w.node("gelu", "Mul", []string{x, w.sigmoid(y)})
}

// gelu is max(x, 0) - |x|/2 * erfc(|x|/sqrt(2)).
func (w *writer) gelu(x string) string {
	above, _ := w.halves(x)
	size := w.absolute(x)
	far := w.node("half", "Mul", []string{size, w.double(0.5)})
	far = w.node("far", "Mul", []string{far, w.erfc(w.node("normal", "Mul", []string{size, w.double(1 / math.Sqrt2)}))})
	return w.node("gelu", "Sub", []string{above, far})
}

// erf is the sign of x times 1 - erfc(|x|).
func (w *writer) erf(x string) string {
	size := w.absolute(x)
	y := w.node("size", "Sub", []string{w.double(1), w.erfc(size)})
	sign := w.node("sign", "Div", []string{x, w.node("nonzero", "Add", []string{size, w.double(1e-30)})})
	return w.node("erf", "Mul", []string{sign, y})
}

// erfc is the complementary error function of x >= 0, which ONNX has no operator for. It is
// the midpoint rule for an integral, with the residue of its pole:
//
//	erfc(x) = 2*h*x/pi * exp(-x^2) * sum exp(-t^2)/(x^2+t^2) + 2/(1+exp(2*pi*x/h)),  t = h*(k+1/2)
//
// (C. Chiarella and A. Reichel, On the evaluation of integrals related to the error function,
// Mathematics of Computation 22, 1968). With h = 1/2 the rule errs by exp(-(pi/h)^2) < 1e-17.
func (w *writer) erfc(x string) string {
	const h, terms = 0.5, 13
	square := w.node("square", "Mul", []string{x, x})
	sum := ""
	for k := range terms {
		t := h * (float64(k) + 0.5)
		term := w.node("below"+strconv.Itoa(k), "Add", []string{square, w.double(t * t)})
		term = w.node("term"+strconv.Itoa(k), "Div", []string{w.double(math.Exp(-t * t)), term})
		sum = w.plus("sum"+strconv.Itoa(k), sum, term)
	}
	bell := w.node("bell", "Exp", []string{w.node("minussquare", "Neg", []string{square})})
	y := w.node("scaled", "Mul", []string{w.node("part", "Mul", []string{x, w.double(2 * h / math.Pi)}), bell})
	y = w.node("integral", "Mul", []string{y, sum})
	pole := w.node("pole", "Mul", []string{x, w.double(-2 * math.Pi / h)})
	pole = w.node("residue", "Mul", []string{w.sigmoid(pole), w.double(2)})
	return w.node("erfc", "Add", []string{y, pole})
}

// thresholded is 0 where x is not above a: there the larger of both is a.
func (w *writer) thresholded(x string, a float64) string {
	larger := w.clip("larger", x, a, math.MaxFloat64)
	silent := w.node("silent", "Equal", []string{larger, w.double(a)})
	return w.node("thresholded", "Where", []string{silent, w.double(0), x})
}
