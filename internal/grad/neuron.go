package grad

import (
	"math"
	"slices"

	"ann2snn/snn"
)

// neuron is what the neurons of a layer share. Membrane potentials are in the units of the
// trained network.
type neuron struct {
	thresholds *parameter
	start      []float32 // per channel
	ceiling    float32   // of a threshold
	theta      []float32 // per channel
	act        snn.Activation
	curve      snn.Curve
	analog     bool // rounds nothing
	integrates bool
	signed     bool    // levels may be negative
	takesBack  bool    // spikes that were too many, by levels below 0
	q          float32 // the largest level
	waited     float32 // steps whose levels are emitted as one
	refines    bool
	rho        float32
	worth      []float32
	high, low  float32 // range of what levels can stand for, in thresholds
}

// addNeuron adds the neurons of layer i and their thresholds.
func (g *Network) addNeuron(i int, o *Options) {
	l := &g.source.Layers[i]
	n := &neuron{
		act: l.Neuron.Act, curve: l.Neuron.Act.Curve(), integrates: l.Neuron.Act.Fn.Integrates(),
		analog: l.Neuron.Format == snn.Format{}, signed: l.Neuron.Signed,
		q: float32(l.Neuron.Format.Max()), waited: g.waited, rho: 1, worth: g.worth,
	}
	if g.source.Refines() {
		n.refines, n.rho = true, float32(g.source.Rho)
	}
	n.takesBack = g.source.Restim == snn.RestimSigned || g.source.Restim == snn.RestimRefine
	last := n.worth[len(n.worth)-1] / n.waited
	for _, w := range n.worth {
		n.high += n.q * w
	}
	n.high += last / 2
	n.low = -last / 2
	if n.signed {
		n.low = -n.high
	}
	n.start, n.ceiling = thresholdsOf(l), math.MaxFloat32
	if o.Ceiling != nil && o.Ceiling(i) > 0 {
		n.ceiling = o.Ceiling(i) / n.q
	}
	growth := make([]float32, l.Shape.C)
	if o.Shared {
		growth = growth[:1]
	}
	n.thresholds = g.param(&Param{Layer: i, Kind: Threshold, Data: growth}, !n.analog)
	g.layers[i].neuron, g.layers[i].given = n, false
}

// thresholdsOf returns the thresholds of a layer.
func thresholdsOf(l *snn.Layer) []float32 {
	theta := slices.Clone(l.Neuron.Threshold)
	for c, whole := range l.Neuron.IntThreshold {
		theta[c] = float32(whole) * l.Unit[c]
	}
	return theta
}

func (n *neuron) update() {
	growth := n.thresholds.Data
	n.theta = grow(n.theta, len(n.start))
	for c, theta := range n.start {
		n.theta[c] = min(theta*float32(math.Exp(float64(growth[c%len(growth)]))), n.ceiling)
	}
}

// threshold returns the threshold of element i.
func (n *neuron) threshold(i int) float32 { return n.theta[i%len(n.theta)] }

// value returns what neurons of element i stand for at a potential of z.
func (n *neuron) value(z float32, i, channels int) float32 {
	if n.integrates {
		if n.analog && n.act.Fn == snn.Rectify {
			return max(z, 0)
		}
		return z
	}
	return float32(n.curve.At(float64(z), i%channels))
}

// fire sets dst to what neurons emit in all steps together, in a single pass.
func (n *neuron) fire(dst, z []float32, channels int) {
	if n.analog {
		for i, x := range z {
			dst[i] = n.value(x, i, channels)
		}
		return
	}
	low, high := float32(0), n.q*n.waited
	if n.signed {
		low = -high
	}
	at := 0
	for i, x := range z {
		k := max(low, min(n.nearest(x, at, i%channels), high))
		dst[i] = k * n.theta[at] / n.waited
		if at++; at == len(n.theta) {
			at = 0
		}
	}
}

// nearest returns the level next to what neurons stand for at a potential of x. Where that takes
// an activation it is computed in float64, as the network does.
func (n *neuron) nearest(x float32, at, channel int) float32 {
	if n.integrates {
		return floor(x*n.waited/n.theta[at] + 0.5)
	}
	return float32(math.Floor(n.curve.At(float64(x), channel)*float64(n.waited)/float64(n.theta[at]) + 0.5))
}

// floor is the floor of what an int32 holds; larger magnitudes are as good as any.
func floor(x float32) float32 {
	x = max(-1<<24, min(x, 1<<24))
	k := float32(int32(x))
	if k > x {
		k--
	}
	return k
}

// back turns the gradient by the output into that by the current, in place, and adds that by
// the logarithms of thresholds to dlog. z and out are totals over all steps.
func (n *neuron) back(grad, z, out, dlog []float32, channels int) {
	at := 0
	for i, g := range grad {
		y, slope := z[i], float32(1)
		if !n.integrates || n.analog {
			y, slope = n.value(z[i], i, channels), n.slope(z[i], i, channels)
		}
		theta := n.theta[at]
		inside := n.analog || y > n.low*theta && y < n.high*theta
		d := out[i]
		if inside {
			d -= y
		}
		if !n.analog {
			dlog[at%len(dlog)] += float32(g * d)
		}
		if grad[i] = g * slope; !inside {
			grad[i] = 0
		}
		if at++; at == len(n.theta) {
			at = 0
		}
	}
}

// slope returns the derivative of the activation at z, over a part of a threshold.
func (n *neuron) slope(z float32, i, channels int) float32 {
	if n.analog && n.integrates {
		if n.act.Fn == snn.Rectify && z <= 0 {
			return 0
		}
		return 1
	}
	h := float64(n.threshold(i)) / 16
	if n.analog {
		h = 1e-3
	}
	c := i % channels
	return float32((n.curve.At(float64(z)+h, c) - n.curve.At(float64(z)-h, c)) / (2 * h))
}
