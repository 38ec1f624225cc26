package runtime

import "ann2snn/snn"

// neuron turns a layer's current into spikes, or into whatever its rule puts out.
type neuron[S number] interface {
	// remember gives c the state of size neurons.
	remember(c *cell[S], size int)
	// reset prepares the state for step 1. Running totals are zero already.
	reset(c *cell[S])
	// fire adds the current of step t (from 1) and emits. It returns how many emissions
	// were cut to the largest level.
	fire(dst, current []S, c *cell[S], t int) (saturated int64)
	// charge returns, after the last step, the value that the membrane of neuron i holds
	// and the value that a level emitted took off it.
	charge(c *cell[S], i int) (kept, level float64)
}

// neuronRules are the rules of integrate-and-fire neurons in one arithmetic, by mode of
// re-stimulation.
type neuronRules[S number] [snn.RestimWaiting + 1]func(i integrator[S], n *snn.Network) neuron[S]

// choose returns the neurons of l; base is what integrate-and-fire neurons share.
func (r *neuronRules[S]) choose(n *snn.Network, l *snn.Layer, base integrator[S]) neuron[S] {
	switch {
	case l.Neuron.Format == (snn.Format{}):
		return newAnalog[S](l)
	case !l.Neuron.Act.Fn.Integrates():
		return newIncrement(n, l, &base)
	}
	if n.Steps == 1 { // the modes differ in later steps only
		return r[snn.RestimNone](base, n)
	}
	return r[n.Restim](base, n)
}

// integrator is what integrate-and-fire neurons share. An integer membrane counts in
// the layer's Unit; a float one in thresholds, so that a level is 1.
type integrator[S number] struct {
	theta  []S       // integer: the threshold; float: its reciprocal
	start  []S       // half a threshold, as far as S goes
	share  []float64 // integer: the reciprocal of the threshold
	unit   []float64 // value of 1 on the membrane
	level  []float64 // value of a level
	q      S         // the largest level
	signed bool      // the sum of all levels may be negative
}

func (g *integrator[S]) remember(c *cell[S], size int) { c.membrane = make([]S, size) }

// halfway starts membranes at half a threshold, which makes levels round to nearest.
func (g *integrator[S]) halfway(c *cell[S]) {
	for v := c.membrane; len(v) > 0; v = v[len(g.start):] {
		copy(v, g.start)
	}
}

// low returns the smallest level of neurons that may not take back spikes.
func (g *integrator[S]) low() S {
	if g.signed {
		return -g.q
	}
	return 0
}

// gained is charge for membranes that began at start (nil: at 0).
func (g *integrator[S]) gained(c *cell[S], i int, start []S) (kept, level float64) {
	ch := i % len(g.theta)
	v := float64(c.membrane[i])
	if start != nil {
		v -= float64(start[ch])
	}
	return v * g.unit[ch], g.level[ch]
}

// floorFloat returns floor(x) held to low..q. It has no branches, as half of the levels
// being zero in no order would make them costly.
func floorFloat(x, low, q float32) float32 {
	x = max(low, min(x, q))
	k := int32(x)
	down := int32(0)
	if float32(k) > x {
		down = 1
	}
	return float32(k - down)
}

// floorInt returns floor(v/theta) held to low..q, low <= 0 <= q, for the reciprocal of
// theta. It has no branches, and multiplies, which is faster than dividing: v+1/2 is
// farther from every multiple of theta than float64 rounds.
func floorInt(v int32, inverse float64, low, q int32) int32 {
	above := int64((float64(v)+0.5)*inverse - float64(low))
	return int32(max(0, min(above, int64(q-low)))) + low
}
