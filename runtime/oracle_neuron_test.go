package runtime_test

import (
	"math"
	"slices"

	"ann2snn/snn"
)

// The neurons of the oracle.

// fire adds the current x to neuron e and returns what it emits, in levels of step 1.
func (o *oracle) fire(l *snn.Layer, s *oracleLayer, e int, x float64) float64 {
	c := e % l.Shape.C
	switch {
	case o.quantised:
		return o.quantise(l, c, x)
	case o.whole != nil:
		return o.release(l, s, e)
	}
	theta, q := o.theta(l, c)*o.fine(), float64(l.Neuron.Format.Max())
	s.membrane[e] += x
	low := -q
	var want float64
	switch fn := l.Neuron.Act.Fn; {
	case fn == snn.Quantise:
		var high float64
		want, low, high = oracleQuantised(l, c, s.membrane[e])
		q = high
	case fn != snn.Rectify && fn != snn.Linear:
		want = o.ahead(l, s, e, theta)
	case o.refine():
		want = math.Floor(s.membrane[e]/theta + 0.5)
		if o.t == 1 && fn == snn.Rectify {
			low = 0
		}
	default:
		want = math.Floor(s.membrane[e] / theta)
		if o.net.Restim == snn.RestimNone && fn == snn.Rectify {
			low = 0
		}
	}
	if l.Neuron.Act.Fn == snn.Rectify { // the total never falls below 0
		low = math.Max(low, -s.sum[e]/o.fine())
	}
	k := math.Max(low, math.Min(want, q))
	over := want > q || want < -q && low == -q
	if l.Neuron.Act.Fn == snn.Quantise {
		over = want > q || low < 0 && want < low
	}
	if over {
		s.stats.Saturated++
	}
	if l.Neuron.Act.Fn == snn.Rectify || l.Neuron.Act.Fn == snn.Linear {
		s.membrane[e] -= k * theta
	}
	return k * o.fine()
}

// oracleQuantised is the level that neurons which quantise want to emit, and their range.
func oracleQuantised(l *snn.Layer, c int, current float64) (want, low, high float64) {
	step, q := l.Neuron.Threshold[c], float64(l.Neuron.Format.Max())
	want = math.RoundToEven(float64(float32(current) * (l.Unit[c] / step)))
	low = math.Max(-q, math.RoundToEven(float64(l.Neuron.Act.A)/float64(step)))
	return want, low, math.Min(q, math.RoundToEven(float64(l.Neuron.Act.B)/float64(step)))
}

// release emits what is left of the levels of a neuron that waited, in full spikes.
func (o *oracle) release(l *snn.Layer, s *oracleLayer, e int) float64 {
	whole, i := o.whole, slices.IndexFunc(o.layers, func(other oracleLayer) bool { return &other.sum[0] == &s.sum[0] })
	q := float64(l.Neuron.Format.Max())
	wish := whole.wish(l, e%l.Shape.C, whole.layers[i].driven[e])
	low, most := -whole.times*q, whole.times*q
	if l.Neuron.Act.Fn == snn.Quantise {
		_, low, most = oracleQuantised(l, e%l.Shape.C, 0)
	}
	if o.t == 1 && (wish > most || wish < low && l.Neuron.Signed) {
		s.stats.Saturated++
	}
	return math.Max(-q, math.Min(whole.layers[i].emitted[e]-s.sum[e], q))
}

// ahead is the increment rule: how many levels of the step the activation of what came
// in so far is ahead of what was emitted.
func (o *oracle) ahead(l *snn.Layer, s *oracleLayer, e int, theta float64) float64 {
	c := e % l.Shape.C
	value := s.membrane[e] * o.unit(l, c)
	theta *= o.unit(l, c)
	if o.refine() {
		return math.Floor(oracleActivation(l.Neuron, c, value)/theta+0.5) - s.sum[e]/o.fine()
	}
	t := float64(o.t)
	return math.Floor(t*oracleActivation(l.Neuron, c, value/t)/theta+0.5) - s.sum[e]
}

func oracleActivation(n *snn.Neuron, c int, x float64) float64 {
	a, b := float64(n.Act.A), float64(n.Act.B)
	switch n.Act.Fn {
	case snn.LeakyRelu:
		return math.Max(x, 0) + a*math.Min(x, 0)
	case snn.PRelu:
		return math.Max(x, 0) + float64(n.Act.Slope[c])*math.Min(x, 0)
	case snn.Clip:
		return math.Min(math.Max(x, a), b)
	case snn.Sigmoid:
		return 1 / (1 + math.Exp(-x))
	case snn.HardSigmoid:
		return math.Min(math.Max(a*x+b, 0), 1)
	case snn.HardSwish:
		return x * math.Min(math.Max(x/6+0.5, 0), 1)
	case snn.SiLU:
		return x / (1 + math.Exp(-x))
	case snn.Tanh:
		return math.Tanh(x)
	case snn.Elu:
		return math.Max(x, 0) + a*math.Expm1(math.Min(x, 0))
	}
	return oracleCurve(n.Act.Fn, x, a, b)
}

func oracleCurve(fn snn.ActFn, x, a, b float64) float64 {
	switch fn {
	case snn.Gelu:
		return x * (1 - math.Erfc(x/math.Sqrt2)/2)
	case snn.GeluTanh:
		return x / 2 * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(x+0.044715*x*x*x)))
	case snn.Mish:
		return x * math.Tanh(oracleCurve(snn.Softplus, x, 0, 0))
	case snn.Softplus:
		if x > 40 { // where the exponential function would overflow
			return x
		}
		return math.Log1p(math.Exp(x))
	case snn.Softsign:
		return x / (1 + math.Abs(x))
	case snn.Abs:
		return math.Abs(x)
	case snn.Erf:
		return math.Erf(x)
	case snn.Exp:
		return math.Exp(math.Min(x, 88))
	case snn.Log:
		return math.Log(math.Max(x, b))
	case snn.Power:
		return math.Pow(math.Max(x, b), a)
	case snn.Square:
		return x * x
	case snn.ThresholdedRelu:
		if x > a {
			return x
		}
		return 0
	}
	panic("not an activation of the increment rule")
}
