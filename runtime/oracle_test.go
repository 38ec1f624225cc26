package runtime_test

import (
	"math"

	"ann2snn/runtime"
	"ann2snn/snn"
)

// oracle simulates a network straight from the equations: all layers step by step, in
// float64, with levels that are worth theta/rho^(t-1) in step t rather than in units of
// the step. It shares no code with the package under test.
type oracle struct {
	net    *snn.Network
	layers []oracleLayer
	input  []float64
	t      int

	quantised bool    // neurons round their current, as an ANN's would
	times     float64 // the steps that a step stands for: of input, biases and levels
	whole     *oracle // of a network whose neurons wait: one step that stands for all
}

type oracleLayer struct {
	emitted  []float64 // in this step, in levels of step 1
	sum      []float64 // of what was emitted in all steps
	driven   []float64 // sum of the currents in all steps
	membrane []float64
	best     []float64 // MaxPool: maximum of the sums
	constant bool
	spiking  bool
	analog   bool
	stats    runtime.LayerStats
}

func newOracle(n *snn.Network, sample []float32) *oracle {
	o := stepOracle(n, sample)
	if n.Restim == snn.RestimWaiting {
		o.whole = stepOracle(n, sample)
		o.whole.quantised, o.whole.times = true, float64(n.Steps)
		o.whole.step()
	}
	return o
}

func stepOracle(n *snn.Network, sample []float32) *oracle {
	o := &oracle{net: n, layers: make([]oracleLayer, len(n.Layers)), input: make([]float64, len(sample)), times: 1}
	for i := range n.Layers {
		l, s := &n.Layers[i], &o.layers[i]
		size := l.Shape.H * l.Shape.W * l.Shape.C
		s.emitted, s.sum, s.driven = make([]float64, size), make([]float64, size), make([]float64, size)
		s.membrane, s.best = make([]float64, size), make([]float64, size)
		o.classify(i)
		if l.Neuron != nil && n.Restim != snn.RestimRefine && (l.Neuron.Act.Fn == snn.Rectify || l.Neuron.Act.Fn == snn.Linear) {
			for e := range size {
				s.membrane[e] = o.start(l, e%l.Shape.C)
			}
		}
	}
	o.load(sample)
	return o
}

func (o *oracle) classify(i int) {
	l, s := &o.net.Layers[i], &o.layers[i]
	s.constant, s.spiking = l.Neuron == nil, true
	for _, from := range l.In {
		s.constant = s.constant && o.layers[from].constant
		s.spiking = s.spiking && o.layers[from].spiking
	}
	switch l.Op.(type) {
	case snn.Input:
		s.spiking, s.analog = false, true
	case snn.Product:
		s.spiking, s.constant = l.Neuron != nil, false
	case snn.Conv, snn.Dense, snn.Sum:
		s.spiking = l.Neuron != nil
	default:
		for _, from := range l.In {
			s.analog = s.analog || o.layers[from].analog
		}
	}
}

func (o *oracle) load(sample []float32) {
	l := &o.net.Layers[0]
	op := l.Op.(snn.Input)
	for y := range l.Shape.H {
		for x := range l.Shape.W {
			for c := range l.Shape.C {
				at := (y*l.Shape.W+x)*l.Shape.C + c
				v := float64(sample[at])
				if op.ChannelsFirst {
					v = float64(sample[(c*l.Shape.H+y)*l.Shape.W+x])
				}
				if o.net.Integer {
					low, scale := -op.Levels, l.Scale[c%len(l.Scale)]
					if op.Quantised {
						low, v = op.Low, math.RoundToEven(float64(float32(v)/scale))
					} else {
						v = math.Floor(v/float64(scale) + 0.5)
					}
					v = math.Max(float64(low), math.Min(v, float64(op.Levels)))
				}
				o.input[at] = v
			}
		}
	}
}

func (o *oracle) refine() bool { return o.net.Restim == snn.RestimRefine }

// fine is what a level of this step is worth in levels of step 1.
func (o *oracle) fine() float64 {
	if o.refine() {
		return math.Pow(float64(o.net.Rho), -float64(o.t-1))
	}
	return 1
}

// theta is the threshold on the membrane, unit the value of 1 on it.
func (o *oracle) theta(l *snn.Layer, c int) float64 {
	if o.net.Integer {
		return float64(l.Neuron.IntThreshold[c])
	}
	return float64(l.Neuron.Threshold[c])
}

func (o *oracle) unit(l *snn.Layer, c int) float64 {
	if o.net.Integer {
		return float64(l.Unit[c])
	}
	return 1
}

// start is the membrane of a rate or signed neuron before step 1.
func (o *oracle) start(l *snn.Layer, c int) float64 { return o.theta(l, c) / 2 }

func (o *oracle) step() {
	o.t++
	for i := range o.net.Layers {
		l, s := &o.net.Layers[i], &o.layers[i]
		current := o.operate(l, s)
		for e, x := range current {
			s.driven[e] += x
			if l.Neuron != nil {
				x = o.fire(l, s, e, x)
			}
			s.emitted[e] = x
			s.sum[e] += x
		}
		o.count(l, s)
	}
}

func (o *oracle) count(l *snn.Layer, s *oracleLayer) {
	if l.Neuron == nil {
		return
	}
	s.stats.Neurons = int64(len(s.emitted))
	for _, k := range s.emitted {
		level := int(math.Abs(k / o.fine()))
		if level == 0 {
			s.stats.Zeros++
			continue
		}
		s.stats.Spikes++
		s.stats.Bits += int64(popcount(level))
	}
}

func popcount(k int) int {
	if k == 0 {
		return 0
	}
	return k%2 + popcount(k/2)
}

// connect returns what a connection to element e of layer from carries, and counts it.
func (o *oracle) connect(from, e int, st *runtime.LayerStats) float64 {
	in := &o.layers[from]
	k := in.emitted[e]
	switch {
	case !in.spiking:
		if o.t == 1 || !in.constant {
			st.MACs++
		}
	case k != 0:
		st.SOPs++
		st.BitSOPs += int64(popcount(int(math.Abs(k / o.fine()))))
	}
	return k
}

// operate returns the current of the step, in levels of step 1.
func (o *oracle) operate(l *snn.Layer, s *oracleLayer) []float64 {
	out := make([]float64, len(s.emitted))
	switch op := l.Op.(type) {
	case snn.Input:
		if o.t == 1 || !o.refine() {
			for e, x := range o.input {
				out[e] = o.times * x
			}
		}
	case snn.Conv:
		o.conv(l, &op, out, &s.stats)
	case snn.Dense:
		o.dense(l, &op, out, &s.stats)
	case snn.Sum:
		o.sum(l, &op, out, &s.stats)
	case snn.Product:
		o.product(l, &op, s, out)
	case snn.SumPool:
		o.windows(l, op.Window, func(to, from, _ int) { out[to] += o.connect(l.In[0], from, &s.stats) })
	case snn.MaxPool:
		best := make([]float64, len(out))
		for e := range best {
			best[e] = math.Inf(-1)
		}
		o.windows(l, op.Window, func(to, from, _ int) { best[to] = math.Max(best[to], o.layers[l.In[0]].sum[from]) })
		for e := range out {
			out[e] = best[e] - s.best[e]
		}
		copy(s.best, best)
	case snn.Concat:
		o.concat(l, out)
	case snn.Gather:
		for e, from := range op.Index {
			if from >= 0 {
				out[e] = o.layers[l.In[0]].emitted[from]
			}
		}
	}
	return out
}

func (o *oracle) bias(float []float32, integer []int32, c int) float64 {
	switch {
	case o.refine() && o.t > 1:
		return 0
	case o.net.Integer && integer != nil:
		return o.times * float64(integer[c])
	case !o.net.Integer && float != nil:
		return o.times * float64(float[c])
	}
	return 0
}

func (o *oracle) weight(w *snn.Weights, i int) float64 {
	if o.net.Integer {
		return float64(w.Q[i])
	}
	return float64(w.F[i])
}

func (o *oracle) conv(l *snn.Layer, op *snn.Conv, out []float64, st *runtime.LayerStats) {
	in := o.net.Layers[l.In[0]].Shape
	fan, per := in.C/op.Groups, l.Shape.C/op.Groups
	taps := op.Window.Kernel[0] * op.Window.Kernel[1]
	for e := range out {
		out[e] = o.bias(op.W.Bias, op.W.IntBias, e%l.Shape.C)
	}
	o.windowPixels(l, op.Window, func(to, from, tap int) {
		for c := range l.Shape.C {
			for k := range fan {
				x := o.connect(l.In[0], from*in.C+c/per*fan+k, st)
				out[to*l.Shape.C+c] += x * o.weight(&op.W, (c*taps+tap)*fan+k)
			}
		}
	})
}

// windows calls f for every element of every window, channel by channel.
func (o *oracle) windows(l *snn.Layer, w snn.Window, f func(to, from, tap int)) {
	o.windowPixels(l, w, func(to, from, tap int) {
		for c := range l.Shape.C {
			f(to*l.Shape.C+c, from*l.Shape.C+c, tap)
		}
	})
}

func (o *oracle) windowPixels(l *snn.Layer, w snn.Window, f func(to, from, tap int)) {
	in := o.net.Layers[l.In[0]].Shape
	for y := range l.Shape.H {
		for x := range l.Shape.W {
			for ky := range w.Kernel[0] {
				for kx := range w.Kernel[1] {
					iy := y*w.Stride[0] - w.Pad[0] + ky*w.Dilation[0]
					ix := x*w.Stride[1] - w.Pad[1] + kx*w.Dilation[1]
					if iy >= 0 && iy < in.H && ix >= 0 && ix < in.W {
						f(y*l.Shape.W+x, iy*in.W+ix, ky*w.Kernel[1]+kx)
					}
				}
			}
		}
	}
}

func (o *oracle) dense(l *snn.Layer, op *snn.Dense, out []float64, st *runtime.LayerStats) {
	n := len(o.layers[l.In[0]].emitted)
	for c := range out {
		out[c] = o.bias(op.W.Bias, op.W.IntBias, c)
		for e := range n {
			out[c] += o.connect(l.In[0], e, st) * o.weight(&op.W, c*n+e)
		}
	}
}

func (o *oracle) sum(l *snn.Layer, op *snn.Sum, out []float64, st *runtime.LayerStats) {
	for e := range out {
		out[e] = o.bias(op.Bias, op.IntBias, e%l.Shape.C)
	}
	for k, from := range l.In {
		free := &runtime.LayerStats{}
		if in := &o.layers[from]; in.spiking || in.analog {
			free = st
		}
		for e := range out {
			out[e] += o.connect(from, e, free) * o.factor(op, k, e)
		}
	}
}

func (o *oracle) factor(op *snn.Sum, k, e int) float64 {
	if o.net.Integer {
		return float64(op.Mult[k][e%len(op.Mult[k])])
	}
	return float64(op.Factors[k][e%len(op.Factors[k])])
}

// product emits by how much the product of all that both inputs emitted has grown.
func (o *oracle) product(l *snn.Layer, op *snn.Product, s *oracleLayer, out []float64) {
	for e := range out {
		both := 1.0
		for _, from := range l.In {
			in, at := o.net.Layers[from].Shape, 0
			place := [...]int{e / l.Shape.C / l.Shape.W, e / l.Shape.C % l.Shape.W, e % l.Shape.C}
			for axis, n := range [...]int{in.H, in.W, in.C} {
				at = at*n + place[axis]*min(n-1, 1)
			}
			o.connect(from, at, &s.stats)
			both *= o.layers[from].sum[at]
		}
		if o.net.Integer {
			both *= float64(op.Parts)
		} else {
			both *= float64(op.Factor[e%len(op.Factor)])
		}
		out[e] = both - s.best[e]
		s.best[e] = both
	}
}

func (o *oracle) concat(l *snn.Layer, out []float64) {
	for p := range l.Shape.H * l.Shape.W {
		to := out[p*l.Shape.C:]
		for _, from := range l.In {
			c := o.net.Layers[from].Shape.C
			copy(to, o.layers[from].emitted[p*c:][:c])
			to = to[c:]
		}
	}
}

// value returns what the sums of the layer's emissions stand for.
func (o *oracle) value(layer int, sums []float64, level func(i int) float64) []float32 {
	s := o.net.Layers[layer].Shape
	out := make([]float32, len(sums))
	for y := range s.H {
		for x := range s.W {
			for c := range s.C {
				i := (y*s.W+x)*s.C + c
				v := sums[i]
				if !o.refine() {
					v /= float64(o.t)
				}
				out[(c*s.H+y)*s.W+x] = float32(v * level(i))
			}
		}
	}
	return out
}
